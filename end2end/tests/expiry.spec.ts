// What ends, ends: at its time, also when the server slept through it, and only what nothing else gives.
import { setTimeout as pause } from "node:timers/promises";
import { expect, menu, row, search, submenu, test } from "../fixtures/base";
import { Office, request, settled } from "../fixtures/actions";
import { admin1, plainUser } from "../fixtures/people";
import { inDays } from "../fixtures/server";

test.describe.configure({ mode: "serial" });
test.use({ scenario: "expiry" });

test("F126 thirty-one days later the assignment is Expired and the membership gone", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  await request(server, plainUser, await office.package({ name: "Trade fair stand", group: "Trade fair", days: 30 }));
  await settled(server);
  const admin = await signedIn(admin1);
  await admin.goto("/admin");

  server.tick(inDays(29));
  await menu(admin, "Access packages");
  await row(admin, "Trade fair stand").getByRole("link", { name: "Trade fair stand" }).click();
  await submenu(admin, "Assignments");
  await expect(row(admin, plainUser.name)).toContainText("Delivered");

  server.tick(inDays(31));
  await admin.getByLabel("Status").selectOption({ label: "Expired" });
  await expect(row(admin, plainUser.name)).toContainText("Expired");
  await menu(admin, "Groups");
  await search(admin, "Trade fair");
  await row(admin, "Trade fair").getByRole("link", { name: "Trade fair" }).click();
  await submenu(admin, "Members");
  await expect(row(admin, plainUser.name)).toHaveCount(0);

  const own = await signedIn(plainUser);
  await own.goto("/my-access");
  await own.getByRole("link", { name: /^Expired/ }).click();
  await expect(row(own, "Trade fair stand")).toBeVisible();
});

test("F179 what was asked for while no worker ran is delivered at the next start", async ({ signedIn, server }) => {
  const id = await (await Office.open(server)).package({ name: "Harbour office", group: "Harbour", days: 30 });
  await server.end();
  await server.launch({ WOODGATE_WORKER: "false" });
  await request(server, plainUser, id);
  expect(server.check().open_requests).toBe(1);
  await server.end();

  await server.launch();
  await settled(server);
  const admin = await signedIn(admin1);
  await admin.goto(`/admin/packages/${id}/assignments`);
  await expect(row(admin, plainUser.name)).toContainText("Delivered");
});

test("F126 F179 what ended while the server was down is carried out by the start itself", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const until = new Date(Date.now() + 5000);
  const id = await office.package({ name: "Winter market", group: "Winter market", until });
  const before = server.check();
  await request(server, plainUser, id);
  await settled(server);
  expect(server.check().live_assignments).toBe(before.live_assignments + 1);
  await server.end();
  expect(Date.now(), "ended before its time").toBeLessThan(until.getTime());

  // The end comes by the real clock, and nobody is there.
  await pause(until.getTime() - Date.now() + 50);
  expect(server.command("tick", "--dry-run")).toContain("Winter market");
  await server.launch();
  const admin = await signedIn(admin1);
  await expect(async () => {
    await admin.goto(`/admin/packages/${id}/assignments?status=expired`);
    await expect(row(admin, plainUser.name)).toContainText("Expired", { timeout: 500 });
  }).toPass();
  await menu(admin, "Groups");
  await search(admin, "Winter market");
  await row(admin, "Winter market").getByRole("link", { name: "Winter market" }).click();
  await submenu(admin, "Members");
  await expect(admin.getByRole("main")).toContainText(/no members/i);
  const { live_assignments, live_grants, granted_memberships } = before;
  expect(server.check()).toMatchObject({ live_assignments, live_grants, granted_memberships, faults: [] });
});
