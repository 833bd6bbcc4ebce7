// The program as an operator meets it: exit codes with one line each, log lines for machines, a stop that loses nothing.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Office, request, settled } from "../fixtures/actions";
import { expect, test } from "../fixtures/base";
import { plainUser } from "../fixtures/people";
import { PROGRAM, ROOT, Server, inPostgresDatabase } from "../fixtures/server";
import { Visitor } from "../fixtures/visitor";

test.use({ scenario: "program" });

function program(args: string[], env: NodeJS.ProcessEnv, input = ""): { code: number | null; said: string } {
  const done = spawnSync(PROGRAM, args, { cwd: ROOT, env: { ...process.env, ...env }, input, encoding: "utf8", timeout: 60_000 });
  return { code: done.status, said: done.stderr };
}

test("every failure is one line and an exit code of its kind", async ({ server, database }) => {
  const text = join(process.env.WOODGATE_END2END as string, "text.db");
  writeFileSync(text, "no database at all, but long enough to be looked at");
  const nobody = "postgres://127.0.0.1:1/nobody";
  const https = { WOODGATE_PUBLIC_URL: "https://access.example.com" };
  const failures: [code: number, says: RegExp, args: string[], env?: NodeJS.ProcessEnv, input?: string][] = [
    [1, /password/, ["create-admin", "--name", "Second", "--user-name", "second", "--password-stdin"], {}, "short\n"],
    [3, /log-format/, ["check"], { WOODGATE_LOG_FORMAT: "xml" }],
    [3, /bad setting log:/, ["check"], { WOODGATE_LOG: "woodgate=loud" }],
    [3, /session-idle-minutes/, ["serve"], { WOODGATE_SESSION_IDLE_MINUTES: "soon" }],
    [3, /behind-tls/, ["serve"], https],
    [3, /trusted-proxy/, ["serve"], { ...https, WOODGATE_BEHIND_TLS: "true" }],
    [3, /WOODGATE_CONFIG/, ["serve"], { WOODGATE_CONFIG: "/nowhere/Leptos.toml" }],
    [4, /is in use/, ["serve"]],
    [5, /text\.db/, ["check"], { WOODGATE_DATABASE_URL: `sqlite://${text}` }],
    [5, /127\.0\.0\.1/, ["check"], { WOODGATE_DATABASE_URL: nobody }],
  ];
  for (const [code, says, args, env = {}, input] of failures) {
    const what = `${args.join(" ")} ${JSON.stringify(env)}`;
    const done = program(args, { ...server.env, ...env }, input);
    expect(done.code, `${what}: ${done.said}`).toBe(code);
    expect(done.said, what).toMatch(/^woodgate: [^\n]+\n$/);
    expect(done.said, what).toMatch(says);
  }
  expect(program(["dance"], server.env).code, "a wrong command line").toBe(2);
  expect(program(["check"], server.env), "books that agree").toEqual({ code: 0, said: "" });
  if (database === "postgres") await troubledBooks(database);
});

/** What only somebody with the database in hand can bring about: books that do not agree, and a later version. */
async function troubledBooks(database: "postgres"): Promise<void> {
  const other = await Server.start(database);
  try {
    const sql = (text: string) => inPostgresDatabase(other.env.WOODGATE_DATABASE_URL as string, text);
    sql("UPDATE memberships SET grants = grants + 1 WHERE direct");
    expect(program(["check"], other.env)).toMatchObject({ code: 7, said: expect.stringMatching(/^woodgate: [^\n]*memberships whose count[^\n]*\n$/) });
    sql("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, '', 1)");
    expect(program(["check"], other.env)).toMatchObject({ code: 6, said: expect.stringMatching(/^woodgate: [^\n]+\n$/) });
  } finally {
    await other.stop();
  }
}

test("log lines for machines: each is JSON, and those of a request carry its trace id", async ({ database }) => {
  const server = await Server.start(database);
  try {
    await server.end();
    const before = server.tail(10_000).length;
    await server.launch({ WOODGATE_LOG_FORMAT: "json", WOODGATE_LOG: "info" });
    const wrong = { ...plainUser, password: "not the password" };
    await expect(new Visitor(server.url).signIn(wrong)).rejects.toThrow();
    const answer = await fetch(`${server.url}/sign-in`);
    const trace = answer.headers.get("x-request-id");
    await server.end();
    const said = server.tail(10_000).slice(before).split("\n");
    const lines = said.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    // Beside the log stands only what `serve` prints on standard output for the person who starts it.
    expect(said.filter((line) => line && !line.startsWith("{")).join("\n")).toMatch(/^Woodgate serves [^\n]*\n {2}Admin area [^\n]*\n {2}My Access [^\n]*$/);
    expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.find((line) => line.span?.trace_id === trace)).toMatchObject({ level: "INFO", message: "answered", status: 200 });
    expect(lines.find((line) => line.message === "a sign-in failed")?.span.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(lines.filter((line) => line.message === "answered" && !line.span?.trace_id)).toEqual([]);
  } finally {
    await server.stop();
  }
});

test("F036 a request without approval is Delivered within a second", async ({ server }) => {
  const id = await (await Office.open(server)).package({ name: "Quick key", group: "Quick", days: 30 });
  const asked = await request(server, plainUser, id);
  await settled(server);
  const own = await new Visitor(server.url).signIn(plainUser);
  interface Told {
    detail: { item: { state: string; submitted_at: string; completed_at: string } };
  }
  const { detail } = await own.call<Told>("my-access/request-details", { id: asked });
  const { item } = detail;
  expect(item.state).toBe("delivered");
  expect(Date.parse(item.completed_at) - Date.parse(item.submitted_at)).toBeLessThan(1000);
});

test("a polite stop lets a slow request and a queued delivery finish", async ({ server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Last key", group: "Last", days: 30 });
  const before = server.check();
  const { hostname, port } = new URL(server.url);
  const slow = connect({ host: hostname, port: Number(port) });
  let answer = "";
  slow.on("data", (data) => {
    answer += data.toString();
  });
  const closed = new Promise((done) => slow.once("close", done));
  const body = "user_name=alex.wilber&password=wrong";
  const head = ["POST /sign-in HTTP/1.1", `Host: ${hostname}:${port}`, `Origin: ${server.url}`, "Sec-Fetch-Site: same-origin"];
  const kind = ["Content-Type: application/x-www-form-urlencoded", `Content-Length: ${body.length}`, "Connection: close"];
  await new Promise<void>((sent) => slow.write(`${[...head, ...kind].join("\r\n")}\r\n\r\n${body.slice(0, 10)}`, () => sent()));
  await request(server, plainUser, id);
  const stopped = server.end();
  // No new visitor is let in; who was there before is answered.
  await expect(async () => expect(await fetch(`${server.url}/healthz`).then(() => "in", () => "refused")).toBe("refused")).toPass();
  slow.write(body.slice(10));
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  expect(answer).toContain("The user name or password is not right");
  expect(await stopped).toBe(0);
  expect(server.check()).toMatchObject({ open_requests: 0, live_assignments: before.live_assignments + 1, faults: [] });
  await server.launch();
});
