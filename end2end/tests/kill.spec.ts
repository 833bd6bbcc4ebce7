// The server is killed at random moments while two hundred requests come in. Whatever was answered is kept, whatever was
// begun is finished, nothing happens twice.
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "../fixtures/base";
import { Office } from "../fixtures/actions";
import { colleagues } from "../fixtures/people";
import { Refused, Visitor, patiently } from "../fixtures/visitor";

test.use({ scenario: "kill" });

const PEOPLE = 25;
const PACKAGES = 8;

function shuffled<T>(list: T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]);
}

/** Asks for a package again and again until the server has it: a lost answer may hide a stored request. */
function submit(visitor: Visitor, id: string): Promise<unknown> {
  const form = { package: id, justification: "Asked for while the server falls over" };
  return patiently(() =>
    visitor.call("my-access/request", { form }).catch((error: unknown) => {
      const stored = error instanceof Refused && /already/.test(error.body);
      if (!stored) throw error;
    }),
  );
}

test("F127 F179 two hundred requests survive SIGKILL: each Delivered exactly once", async ({ server }) => {
  test.setTimeout(240_000);
  const office = await Office.open(server);
  const ids: string[] = [];
  for (let i = 1; i <= PACKAGES; i++) ids.push(await office.package({ name: `Falling package ${i}`, group: `Falling ${i}`, days: 30 }));

  const visitors = colleagues.slice(0, PEOPLE).map((person, i) => ({ person, visitor: new Visitor(server.url, `10.0.0.${i + 1}`) }));
  for (const { person, visitor } of visitors) await visitor.signIn(person);
  const work = shuffled(visitors.flatMap(({ visitor }) => ids.map((id) => ({ visitor, id }))));
  expect(work).toHaveLength(200);

  let asking = 8;
  let kills = 0;
  const ask = async () => {
    for (let next = work.pop(); next; next = work.pop()) {
      await submit(next.visitor, next.id);
      await pause(Math.random() * 600);
    }
    asking--;
  };
  const kill = async () => {
    while (asking > 0) {
      await pause(150 + Math.random() * 700);
      await server.end("SIGKILL");
      kills++;
      await server.launch();
    }
  };
  await Promise.all([kill(), ...Array.from({ length: asking }, ask)]);
  expect(kills).toBeGreaterThan(5);

  // `check` ends with an error, and so fails the test, when the books disagree.
  await expect(async () => {
    const { requests, open_requests, delivered, live_assignments, live_grants, granted_memberships, failed_jobs, faults } = server.check();
    const found = { requests, open_requests, delivered, live_assignments, live_grants, granted_memberships, failed_jobs, faults };
    const each = { requests: 200, delivered: 200, live_assignments: 200, live_grants: 200, granted_memberships: 200 };
    expect(found).toEqual({ ...each, open_requests: 0, failed_jobs: 0, faults: [] });
  }).toPass({ timeout: 120_000, intervals: [500] });
});
