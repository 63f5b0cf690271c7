/** Environment variables by name. */
type Env = Readonly<Record<string, string | undefined>>;

/** The variables in PARLEY_TEAM_ENV. */
export const listedForTeams = (env: Env): readonly string[] =>
  (env["PARLEY_TEAM_ENV"] ?? "").split(/[\s,]+/).filter((name) => name !== "");

/** Whether a variable is kept from every team file: what platforms, the store and installs are reached with, and Parley's own settings. */
export const isWithheld = (name: string): boolean =>
  /^(SLACK_|DISCORD_|DATABASE_URL|PG[A-Z]|PARLEY_(?!KEY_))/i.test(name);

/** Whether team files may refer to a variable. */
export const givenToTeams = (env: Env, name: string): boolean =>
  !isWithheld(name) && (name.startsWith("PARLEY_KEY_") || listedForTeams(env).includes(name));

/** What PARLEY_TEAM_ENV may not list, a sentence each. */
export const checkTeamEnv = (env: Env): readonly string[] =>
  listedForTeams(env)
    .filter((name) => !/^[A-Za-z_]\w*$/.test(name) || isWithheld(name))
    .map((name) =>
      isWithheld(name)
        ? `PARLEY_TEAM_ENV may not list ${name}: no team file is given what platforms, the store or installs are reached with`
        : `PARLEY_TEAM_ENV lists variables by name, such as XAI_API_KEY, GROQ_API_KEY; ${JSON.stringify(name)} is no name`,
    );
