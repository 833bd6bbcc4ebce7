// Not a test: measures size and speed on loopback, on each database, writes target/bench-DATABASE.md and the same into
// docs/performance.md. Run by `make bench`.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Office, stage } from "../fixtures/actions";
import { expect, test } from "../fixtures/base";
import { admin1, colleagues } from "../fixtures/people";
import type { Server } from "../fixtures/server";
import { Visitor } from "../fixtures/visitor";
import { Bare } from "./bare";
import { CONNECTIONS, SECONDS, type Shot, load, volley } from "./load";

test.use({ scenario: "bench", demo: ["--scale"] });

const ROOT = resolve(import.meta.dirname, "../..");
const lines: string[] = [];
const say = (line = "") => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const thousands = (n: number) => Math.round(n).toLocaleString("en-GB");
const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;

/** How a visitor is known: to the product by the cookie, to the bare server by the key under which the database keeps it. */
const asProduct = (visitor: Visitor, url: string) => ({ Cookie: visitor.cookie, Origin: new URL(url).origin, "Sec-Fetch-Site": "same-origin" });
const asBare = (visitor: Visitor) => ({ "X-Session-Key": createHash("sha256").update(visitor.cookie.split("=")[1]).digest("hex") });

test("sizes", ({ database }) => {
  test.skip(database !== "sqlite", "sizes do not depend on the database");
  say(`### What a first visit loads (bytes, brotli)\n\n${execFileSync("node", ["scripts/sizes.mjs"], { cwd: ROOT, encoding: "utf8" }).trim()}`);
});

const resident = (server: Server) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1024;

test("start and memory", async ({ server }) => {
  const starts: number[] = [];
  for (let i = 0; i < 5; i++) {
    await server.end();
    const began = performance.now();
    await server.launch();
    starts.push(performance.now() - began);
  }
  await pause(3000);
  say("\n### Start and memory, with the large directory\n\n| what | reached | bound |\n| --- | ---: | ---: |");
  say(`| from start to ready, median of five | ${Math.round(median(starts))} ms | 500 ms |`);
  say(`| memory when idle | ${resident(server).toFixed(1)} MiB | 64 MiB |`);
});

interface Subject {
  name: string;
  door: string;
  query: object;
  page: string;
  /** Of the bare server. */
  path: string;
}

/** A list, a search and a page of a group's members: as a data call, as a page, and bare. */
async function subjects(visitor: Visitor): Promise<Subject[]> {
  const { items } = await visitor.call<{ items: { id: string }[] }>("groups/list", { query: { search: "unit 0100" } });
  const group = items[0].id;
  return [
    { name: "groups, a page of 50", door: "groups/list", query: {}, page: "/admin/groups", path: "/groups" },
    { name: "users, found by \"ma\"", door: "users/list", query: { search: "ma" }, page: "/admin/users?q=ma", path: "/users" },
    { name: "packages, with how many have each", door: "packages/list", query: {}, page: "/admin/packages", path: "/packages" },
    { name: "a group's members", door: "groups/members", query: { group, role: "member" }, page: `/admin/groups/${group}/members`, path: "/members" },
  ];
}

test("lists", async ({ server }) => {
  test.setTimeout(600_000);
  const visitor = await new Visitor(server.url).signIn(admin1);
  const product = (path: string, body?: object): Shot => ({ url: server.url + path, headers: asProduct(visitor, server.url), body });
  say(`\n### Lists: requests a second from ${CONNECTIONS} connections, ${SECONDS} s each\n`);
  say("| what | bare handler | data call | of bare | p50 | p99 | page | of bare | p50 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  await Bare.beside(server, false, async (bare) => {
    for (const { name, door, query, page, path } of await subjects(visitor)) {
      const plain = load({ url: bare.url + path, headers: asBare(visitor), body: query });
      const call = load(product(`/api/${door}`, { query }));
      const html = load(product(page));
      const cells = [call, html].flatMap((found) => [thousands(found.rate), percent(found.rate, plain.rate), found.p50, found.p99]);
      say(`| ${name} | ${thousands(plain.rate)} | ${cells.join(" | ")} |`);
    }
  });
  say("\nBounds: 5,000 a second for each data call, 500 for each page.");
  say(`\nMemory after this load: ${resident(server).toFixed(1)} MiB.`);
});

/** An API client that may read everything, with a token of its own. */
async function apiClient(server: Server): Promise<{ id: string; token: string }> {
  const visitor = await new Visitor(server.url).signIn(admin1);
  const id = await visitor.call<string>("clients/create", { form: { name: "Bench", description: "", redirects: "", public_client: false } });
  for (const permission of ["EntitlementManagement.Read.All", "User.Read.All"]) {
    await visitor.call("clients/give-permission", { id, given: { kind: "application", permission } });
  }
  const secret = await visitor.call<string>("clients/add-secret", { id, form: { name: "Bench", days: "1" } });
  const fields = { grant_type: "client_credentials", scope: `${server.url}/.default`, client_id: id, client_secret: secret };
  const answer = await fetch(`${server.url}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(fields) });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return { id, token: ((await answer.json()) as { access_token: string }).access_token };
}

/** Lists of the API, each with its path behind the bare server's `/api/`. */
const API_LISTS = [
  { name: "users of a department", path: "users", query: "?$filter=department%20eq%20'Sales'&$top=50", root: "" },
  { name: "access packages", path: "accessPackages", query: "?$top=50", root: "identityGovernance/entitlementManagement/" },
  { name: "assignments that are delivered", path: "assignments", query: "?$filter=state%20eq%20'Delivered'&$top=50", root: "identityGovernance/entitlementManagement/" },
];

test("lists of the API", async ({ server }) => {
  test.setTimeout(600_000);
  await server.end();
  await server.launch({ WOODGATE_API_CALLS_PER_MINUTE: "1000000" });
  const { id, token } = await apiClient(server);
  say(`\n### Lists of the API: calls a second from ${CONNECTIONS} connections, ${SECONDS} s each\n`);
  say("| what | bare handler | API | of bare | p50 | p99 |\n| --- | ---: | ---: | ---: | ---: | ---: |");
  await Bare.beside(server, false, async (bare) => {
    for (const { name, path, query, root } of API_LISTS) {
      const plain = load({ url: `${bare.url}/api/${path}${query}`, headers: { "X-Client-Id": id } });
      const call = load({ url: `${server.url}/v1.0/${root}${path}${query}`, headers: { Authorization: `Bearer ${token}` } });
      say(`| ${name} | ${thousands(plain.rate)} | ${thousands(call.rate)} | ${percent(call.rate, plain.rate)} | ${call.p50} | ${call.p99} |`);
    }
  });
  say("\nBound: 70 % of the bare handler.");
  await server.end();
  await server.launch();
});

interface Asker {
  visitor: Visitor;
  packages: string[];
}

/** Everyone signs in by the form, and sees what they can ask for. */
async function askers(server: Server): Promise<Asker[]> {
  const found: Asker[] = [];
  for (const person of colleagues) {
    const visitor = await new Visitor(server.url).signIn(person);
    const query = { tab: "available", search: "", page: { size: 200 } };
    const { items } = await visitor.call<{ items: { id: string }[] }>("my-access/packages", { query });
    found.push({ visitor, packages: items.map((item) => item.id) });
  }
  return found;
}

/** Requests a second from the first Submit or decision to the last Delivered, by the database's own times. */
async function delivered(bare: Bare, shots: Shot[], idle: Shot, of: "deliveries" | "decisions" = "deliveries"): Promise<number> {
  const since = new Date();
  volley(shots, idle);
  await pause(200);
  for (const until = Date.now() + 60_000; Date.now() < until; await pause(100)) {
    const found = await bare.deliveries(since, of);
    if (found.delivered < shots.length) continue;
    expect(found.submitted).toBe(shots.length);
    return shots.length / ((Date.parse(found.last_delivery as string) - Date.parse(found.first_submit as string)) / 1000);
  }
  throw new Error(`not delivered within a minute: ${JSON.stringify(await bare.deliveries(since, of))}`);
}

test("submit to delivered", async ({ server }) => {
  test.setTimeout(300_000);
  const people = await askers(server);
  const half = Math.floor(Math.min(...people.map(({ packages }) => packages.length)) / 2);
  // One after the other, package by package, so that neighbours in the row are different people.
  const work = (from: number) => Array.from({ length: half }, (_, i) => people.map(({ visitor, packages }) => ({ visitor, id: packages[from + i] }))).flat();
  const form = (id: string) => ({ package: id, justification: "Asked for under load" });

  const shots = work(0).map(({ visitor, id }) => ({ url: `${server.url}/api/my-access/request`, headers: asProduct(visitor, server.url), body: { form: form(id) } }));
  const ours = await Bare.beside(server, false, (bare) => delivered(bare, shots, { url: `${server.url}/healthz`, headers: {} }));
  await server.end();
  const plain = await Bare.beside(server, true, (bare) => {
    const plainShots = work(half).map(({ visitor, id }) => ({ url: `${bare.url}/submit`, headers: asBare(visitor), body: form(id) }));
    return delivered(bare, plainShots, { url: `${bare.url}/deliveries?since=2999-01-01T00:00:00Z`, headers: {} });
  });
  await server.launch();
  expect(server.check().faults).toEqual([]);

  say("\n### From Submit to Delivered: requests a second\n\n| requests | bare handler | product | of bare | bound |\n| ---: | ---: | ---: | ---: | ---: |");
  say(`| ${thousands(shots.length)} by ${people.length} people | ${thousands(plain)} | ${thousands(ours)} | ${percent(ours, plain)} | 500 |`);
});

/** Requests that wait for one approver's decision. */
const PENDING = 5000;

test("approvals", async ({ server, database }) => {
  test.setTimeout(600_000);
  const office = await Office.open(server);
  const [decider, ...rest] = colleagues;
  const users = [await office.user(decider)];
  const people = await Promise.all(rest.map((person) => new Visitor(server.url).signIn(person)));
  const requests = { approval: true, justification: false, stages: [stage(users)] };
  const packages: string[] = [];
  for (let n = 0; n < Math.ceil(PENDING / people.length) + 6; n++) {
    packages.push(await office.package({ name: `Decided access ${n}`, group: "Those who were decided on", days: 90, requests }));
  }
  const shot = (visitor: Visitor, door: string, body: object): Shot => ({ url: `${server.url}/api/${door}`, headers: asProduct(visitor, server.url), body });
  const idle = { url: `${server.url}/healthz`, headers: {} };
  const asked = packages.slice(6).flatMap((id) => people.map((visitor) => shot(visitor, "my-access/request", { form: { package: id, justification: "Asked for under load" } })));
  volley(asked.slice(0, PENDING), idle);
  // The volley held up this process, which now hears that idle connections were closed.
  await pause(200);
  const approver = await new Visitor(server.url).signIn(decider);
  // What waits is counted to a hundred; all of it is counted where the pages are read below.
  expect(await approver.call<number>("approvals/pending", {})).toBe(100);

  // One after the other, beside all that waits.
  const times: number[] = [];
  for (const id of packages.slice(0, 6)) {
    for (const visitor of people) {
      const began = performance.now();
      const request = await visitor.call<string>("my-access/request", { form: { package: id, justification: "One after the other" } });
      await approver.call("approvals/decide", { form: { requests: [request], decision: "approve", reason: "" } });
      times.push(performance.now() - began);
    }
  }
  const query = { tab: "pending", search: "", page: { size: 200 } };
  const list = async (page: object) => approver.call<{ items: { request: string }[]; next: string | null }>("approvals/list", { query: { ...query, page } });
  const reads: number[] = [];
  for (let n = 0; n < 50; n++) {
    const began = performance.now();
    await list({});
    reads.push(performance.now() - began);
  }
  const found: string[] = [];
  for (let after: string | null = null, first = true; first || after; first = false) {
    const page = await list({ size: 200, after });
    found.push(...page.items.map((item) => item.request));
    after = page.next;
  }
  expect(new Set(found).size).toBe(PENDING);
  await expect.poll(() => server.check().open_requests, { message: "only what waits is open" }).toBe(PENDING);
  const decide = found.map((id) => shot(approver, "approvals/decide", { form: { requests: [id], decision: "approve", reason: "" } }));
  const rate = await Bare.beside(server, false, (bare) => delivered(bare, decide, idle, "decisions"));
  expect(server.check().faults).toEqual([]);

  say(`\n### Approvals, with ${thousands(PENDING)} requests that wait for one approver\n\n| what | reached | bound |\n| --- | ---: | ---: |`);
  say(`| decisions a second from ${CONNECTIONS} connections, delivered | ${thousands(rate)} | ${database === "sqlite" ? "700" : "1,500"} |`);
  say(`| to file a request and approve it, one after the other, median | ${median(times).toFixed(1)} ms | 5 ms |`);
  say(`| a page of Pending, median | ${median(reads).toFixed(1)} ms | 20 ms |`);
});

test.afterAll(({ database }) => {
  const where = database === "sqlite" ? "SQLite" : "PostgreSQL that does not wait for the disk (scripts/postgres.sh)";
  const machine = `${cpus().length} processors (${cpus()[0].model.trim()}), server, database and load on one machine, ${where}.`;
  const text = `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}\n\n${lines.join("\n").trim()}\n`;
  mkdirSync(join(ROOT, "target"), { recursive: true });
  writeFileSync(join(ROOT, `target/bench-${database}.md`), text);
  const file = join(ROOT, "docs/performance.md");
  const [begin, end] = [`<!-- measured: ${database} -->\n`, `<!-- /measured: ${database} -->`];
  const all = readFileSync(file, "utf8");
  writeFileSync(file, `${all.slice(0, all.indexOf(begin) + begin.length)}\n${text}\n${all.slice(all.indexOf(end))}`);
});
