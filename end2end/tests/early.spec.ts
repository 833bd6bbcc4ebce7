// Whoever is quicker than the page loses nothing: what is chosen or typed before the program has come is carried out when it has.
import type { Page } from "@playwright/test";
import { Office, request, settled } from "../fixtures/actions";
import { alive, expect, field, row, test } from "../fixtures/base";
import { admin1, plainUser } from "../fixtures/people";

/** Opens a page whose program is held back until the call that this gives. */
async function early(page: Page, address: string): Promise<() => Promise<void>> {
  let come = () => {};
  const wait = new Promise<void>((done) => {
    come = done;
  });
  await page.route("**/*.wasm", async (route) => {
    await wait;
    await route.continue();
  });
  await page.goto(address, { waitUntil: "commit" });
  return () => {
    come();
    return alive(page);
  };
}

test("F120 a status chosen before the page is alive decides what is listed", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Early bird", group: "Early birds", days: 30 });
  await request(server, plainUser, id);
  await settled(server);
  const admin = await signedIn(admin1);
  const come = await early(admin, `/admin/packages/${id}/assignments`);
  await expect(row(admin, plainUser.name)).toContainText("Delivered");
  await admin.getByLabel("Status").selectOption({ label: "Expired" });
  await come();
  await expect(admin.getByRole("main")).toContainText("No assignment with this status");
  await expect(row(admin, plainUser.name)).toHaveCount(0);
  await expect(admin).toHaveURL(/status=expired/);
  await expect(admin.getByLabel("Status")).toHaveValue("expired");
});

test("F064 a search typed before the page is alive is carried out", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  for (const name of ["Night watch", "Day watch"]) await office.package({ name, group: name });
  const admin = await signedIn(admin1);
  const come = await early(admin, "/admin/packages");
  await expect(row(admin, "Day watch")).toBeVisible();
  await admin.getByRole("main").getByRole("searchbox").fill("Night");
  await come();
  await expect(row(admin, "Night watch")).toBeVisible();
  await expect(row(admin, "Day watch")).toHaveCount(0);
  await expect(admin).toHaveURL(/q=Night/);
});

test("F005 what is typed into a new group before the page is alive is in the group", async ({ signedIn }) => {
  const admin = await signedIn(admin1);
  const come = await early(admin, "/admin/groups/new");
  await admin.getByLabel("Group type").selectOption({ label: "Microsoft 365" });
  await field(admin, "Group name").fill("Night shift");
  await come();
  await admin.getByRole("button", { name: "Create" }).click();
  await expect(admin.getByRole("heading", { level: 1, name: "Night shift" })).toBeVisible();
  await expect(admin.getByRole("main")).toContainText("Microsoft 365");
});
