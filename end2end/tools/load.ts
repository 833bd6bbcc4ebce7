// Load by wrk: one request over and over for some seconds, or each request of a list once.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const CONNECTIONS = 16;
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);

export interface Shot {
  url: string;
  headers: Record<string, string>;
  body?: object;
}

export interface Rate {
  rate: number;
  p50: string;
  p99: string;
}

const lua = (text: string) => `[==[${text}]==]`;
const table = (headers: Record<string, string>) => `{ ${Object.entries(headers).map(([name, value]) => `[ ${lua(name)} ] = ${lua(value)}`).join(", ")} }`;
const withJson = ({ headers, body }: Shot) => (body ? { ...headers, "Content-Type": "application/json", Accept: "application/json" } : headers);
const format = (shot: Shot) =>
  `wrk.format("${shot.body ? "POST" : "GET"}", ${lua(new URL(shot.url).pathname + new URL(shot.url).search)}, ${table(withJson(shot))}${shot.body ? `, ${lua(JSON.stringify(shot.body))}` : ""})`;

function wrk(script: string[], args: string[], url: string): string {
  const file = join(process.env.WOODGATE_END2END as string, "load.lua");
  writeFileSync(file, script.join("\n"));
  const done = spawnSync("wrk", [`-c${CONNECTIONS}`, "--latency", "-s", file, ...args, url], { encoding: "utf8" });
  if (done.error) throw done.error;
  if (done.status !== 0 || /Non-2xx|Socket errors/.test(done.stdout)) throw new Error(`${url}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** The same request over and over. */
export function load(shot: Shot): Rate {
  const script = ["local shot", "function init()", `  shot = ${format(shot)}`, "end", "function request() return shot end"];
  const said = wrk(script, ["-t2", `-d${SECONDS}s`], shot.url);
  const take = (pattern: RegExp) => pattern.exec(said)?.[1] ?? "?";
  return { rate: Number(take(/Requests\/sec:\s+([\d.]+)/)), p50: take(/^\s+50%\s+(\S+)/m), p99: take(/^\s+99%\s+(\S+)/m) };
}

/** Each request once, in order, from all connections; what a connection asks when the list is at its end does not count. Takes 20 s, for wrk waits its time out. */
export function volley(shots: Shot[], idle: Shot): void {
  const script = [
    // wrk asks for one request before it begins and throws it away.
    "local shots, sent, back = {}, -1, 0",
    "local idle",
    "function init()",
    ...shots.map((shot, i) => `  shots[${i + 1}] = ${format(shot)}`),
    `  idle = ${format(idle)}`,
    "end",
    "function request()",
    "  sent = sent + 1",
    "  return shots[sent] or idle",
    "end",
    "function response()",
    "  back = back + 1",
    `  if back >= #shots + ${CONNECTIONS} then wrk.thread:stop() end`,
    "end",
  ];
  wrk(script, ["-t1", "-d20s"], shots[0].url);
}
