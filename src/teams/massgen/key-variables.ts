/** Which variable holds a host's key. The first ones as MassGen infers them, then those that the providers' own documentation uses. */
const KEY_OF_HOST: readonly (readonly [string, string])[] = [
  ["cerebras.ai", "CEREBRAS_API_KEY"],
  ["together.xyz", "TOGETHER_API_KEY"],
  ["together.ai", "TOGETHER_API_KEY"],
  ["fireworks.ai", "FIREWORKS_API_KEY"],
  ["groq.com", "GROQ_API_KEY"],
  ["nebius.com", "NEBIUS_API_KEY"],
  ["nebius.ai", "NEBIUS_API_KEY"],
  ["openrouter.ai", "OPENROUTER_API_KEY"],
  ["z.ai", "ZAI_API_KEY"],
  ["bigmodel.cn", "ZAI_API_KEY"],
  ["moonshot.ai", "MOONSHOT_API_KEY"],
  ["moonshot.cn", "MOONSHOT_API_KEY"],
  ["poe.com", "POE_API_KEY"],
  ["aliyuncs.com", "QWEN_API_KEY"],
  ["x.ai", "XAI_API_KEY"],
  ["deepseek.com", "DEEPSEEK_API_KEY"],
  ["mistral.ai", "MISTRAL_API_KEY"],
  ["perplexity.ai", "PERPLEXITY_API_KEY"],
  ["deepinfra.com", "DEEPINFRA_API_KEY"],
  ["sambanova.ai", "SAMBANOVA_API_KEY"],
  ["nvidia.com", "NVIDIA_API_KEY"],
  ["siliconflow.cn", "SILICONFLOW_API_KEY"],
  ["siliconflow.com", "SILICONFLOW_API_KEY"],
  ["minimax.io", "MINIMAX_API_KEY"],
  ["huggingface.co", "HF_TOKEN"],
];

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : "");

/** The variable that holds the key of an address; undefined if nobody has agreed on one. */
export const keyVariableOf = (baseUrl: string): string | undefined => {
  const host = hostOf(baseUrl);
  return KEY_OF_HOST.find(([domain]) => host === domain || host.endsWith(`.${domain}`))?.[1];
};

const LOCAL =
  /^(localhost|127\.|0\.0\.0\.0$|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[|host\.docker\.internal$)|\.(local|internal|lan)$|^[^.]+$/;

/** Whether the address is of a machine or network of one's own, whose servers usually need no key. */
export const isLocal = (baseUrl: string): boolean => LOCAL.test(hostOf(baseUrl));

/** OpenAI's own address, for which a config need not name a key. */
export const isOpenAI = (baseUrl: string): boolean => hostOf(baseUrl) === "api.openai.com";
