import { arch, cpus, platform, totalmem } from "node:os";

/** Figures mean nothing without the machine they were measured on. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, ${memory}, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
