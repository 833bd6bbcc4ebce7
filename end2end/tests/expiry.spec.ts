// What ends, ends: at its time, also when the server slept through it, and only what nothing else gives.
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

test("F179 what fell due while nothing ran is carried out at the next start", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Harbour office", group: "Trade fair", days: 30 });
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

  await server.end();
  expect(server.command("tick", "--at", inDays(31).toISOString(), "--dry-run")).toContain("Harbour office");
  server.tick(inDays(31));
  await server.launch();
  await admin.reload();
  await admin.getByLabel("Status").selectOption({ label: "Expired" });
  await expect(row(admin, plainUser.name)).toContainText("Expired");
});
