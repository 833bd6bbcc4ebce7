// Not a test: measures size and speed on loopback and writes target/bench.md. Run by `make bench`.
import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../fixtures/base";
import { Office } from "../fixtures/actions";
import { admin1, colleagues } from "../fixtures/people";
import type { Server } from "../fixtures/server";
import { Visitor } from "../fixtures/visitor";

test.use({ scenario: "bench", demo: ["--scale"] });

const ROOT = resolve(import.meta.dirname, "../..");
const CONNECTIONS = 16;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 8);

const lines: string[] = [];
const say = (line = "") => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const thousands = (n: number) => Math.round(n).toLocaleString("en-GB");

interface Rate {
  rate: number;
  p50: string;
  p99: string;
}

/** Loads one address with wrk: the same request over and over, from 16 connections. */
function load(url: string, visitor: Visitor, body?: object): Rate {
  const script = join(process.env.WOODGATE_END2END as string, "load.lua");
  const headers = { Cookie: visitor.cookie, Origin: new URL(url).origin, "Sec-Fetch-Site": "same-origin", ...(body && { "Content-Type": "application/json", Accept: "application/json" }) };
  const set = Object.entries(headers).map(([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`);
  writeFileSync(script, [`wrk.method = "${body ? "POST" : "GET"}"`, body ? `wrk.body = ${JSON.stringify(JSON.stringify(body))}` : "", ...set].join("\n"));
  const done = spawnSync("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, "--latency", "-s", script, url], { encoding: "utf8" });
  if (/Non-2xx/.test(done.stdout) || done.status !== 0) throw new Error(`${url}: ${done.stdout}${done.stderr}`);
  const take = (pattern: RegExp) => pattern.exec(done.stdout)?.[1] ?? "?";
  return { rate: Number(take(/Requests\/sec:\s+([\d.]+)/)), p50: take(/50%\s+(\S+)/), p99: take(/99%\s+(\S+)/) };
}

test("sizes", () => {
  say("## First load (brotli, bytes)\n\n| site | js | wasm | css | together | budget |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  const manifest = JSON.parse(readFileSync(join(ROOT, "target/site/manifest.json"), "utf8"));
  for (const [site, budget] of [["my-access", 250_000], ["admin", 400_000]] as const) {
    const sizes = ["js", "wasm", "css"].map((kind) => statSync(join(ROOT, "target/site", `${manifest[site][kind]}.br`)).size);
    say(`| ${site} | ${sizes.map(thousands).join(" | ")} | ${thousands(sizes.reduce((a, b) => a + b))} | ${thousands(budget)} |`);
  }
});

test("start and memory", async ({ server }) => {
  const starts: number[] = [];
  for (let i = 0; i < 5; i++) {
    await server.end();
    const began = performance.now();
    await server.launch();
    starts.push(performance.now() - began);
  }
  await pause(2000);
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1024;
  say("\n## Start and memory, with 10,000 users in the database\n");
  say(`Ready after ${Math.round(median(starts))} ms (median of five; the bound is 500 ms). Idle memory ${resident().toFixed(1)} MiB (the bound is 64 MiB).`);
});

/** A member page, a user search and the rest, as a data call and as a page. */
async function subjects(visitor: Visitor) {
  const groups = await visitor.call<{ items: { id: string; members: number }[] }>("groups/list", { query: {} });
  const group = groups.items[0].id;
  return [
    { name: "group list", door: "groups/list", input: { query: {} }, page: "/admin/groups", bare: "/groups" },
    { name: "user search", door: "users/list", input: { query: { search: "ma" } }, page: "/admin/users?q=ma", bare: "/users?q=ma" },
    { name: "page of a group's members", door: "groups/members", input: { query: { group, role: "member" } }, page: `/admin/groups/${group}/members`, bare: `/members?group=${group}` },
  ];
}

test("lists", async ({ server }) => {
  test.setTimeout(600_000);
  const visitor = await new Visitor(server.url).signIn(admin1);
  say(`\n## Requests a second (${CONNECTIONS} connections, ${SECONDS} s each, one machine for server and load)\n`);
  say("| what | data call | p50 | p99 | page | p50 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
  for (const subject of await subjects(visitor)) {
    const call = load(`${server.url}/api/${subject.door}`, visitor, subject.input);
    const page = load(`${server.url}${subject.page}`, visitor);
    say(`| ${subject.name} | ${thousands(call.rate)} | ${call.p50} | ${call.p99} | ${thousands(page.rate)} | ${page.p50} | ${page.p99} |`);
  }
});

/** Has many people ask for many packages at once, and waits until all are delivered; gives requests a second. */
async function deliver(server: Server, people: number, packages: number): Promise<number> {
  const office = await Office.open(server);
  const ids: string[] = [];
  for (let i = 1; i <= packages; i++) ids.push(await office.package({ name: `Load ${i}`, group: `Load ${i}`, days: 30 }));
  const visitors: Visitor[] = [];
  for (const [i, person] of colleagues.slice(0, people).entries()) visitors.push(await new Visitor(server.url, `10.1.0.${i + 1}`).signIn(person));
  const before = JSON.parse(server.command("check")).requests.delivered;
  const work = ids.flatMap((id) => visitors.map((visitor) => ({ visitor, id })));
  const count = work.length;
  const began = performance.now();
  const ask = async () => {
    for (let next = work.pop(); next; next = work.pop()) {
      await next.visitor.call("my-access/request", { form: { package: next.id, justification: "Load" } });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, ask));
  while (JSON.parse(server.command("check")).requests.delivered < before + count) await pause(20);
  return count / ((performance.now() - began) / 1000);
}

test("submit to delivered", async ({ server }) => {
  test.setTimeout(300_000);
  const rate = await deliver(server, Math.min(40, colleagues.length), 40);
  say(`\n## Submit to Delivered\n\n${thousands(rate)} requests a second, from the first Submit to the last Delivered.`);
  expect(rate).toBeGreaterThan(0);
});

test.afterAll(() => writeFileSync(join(ROOT, "target/bench.md"), `${lines.join("\n")}\n`));
