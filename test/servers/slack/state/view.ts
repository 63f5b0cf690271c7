import { present, type Fields } from "./fields.ts";

/** A modal or a home tab, as it was last sent. */
export interface View {
  readonly id: string;
  readonly type: "modal" | "home";
  readonly team: string;
  readonly root: string;
  readonly previous: string | undefined;
  /** What the app sent. */
  body: Fields;
  hash: string;
  /** What people entered: by block id and action id. */
  readonly entered: Record<string, Record<string, Fields>>;
}

/** As answers and interactions carry it. */
export const wireView = (view: View, app: { id: string; botId: string | undefined }): Fields =>
  present({
    id: view.id,
    team_id: view.team,
    private_metadata: "",
    callback_id: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...view.body,
    state: { values: view.entered },
    hash: view.hash,
    previous_view_id: view.previous ?? null,
    root_view_id: view.root,
    app_id: app.id,
    app_installed_team_id: view.team,
    bot_id: app.botId,
  });
