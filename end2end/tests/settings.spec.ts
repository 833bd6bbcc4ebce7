// The Settings of the tenant, saved on their page, and what they change for others.
import { Office, request, stage } from "../fixtures/actions";
import { alive, expect, expectNotice, test } from "../fixtures/base";
import { admin1, colleagues, plainUser } from "../fixtures/people";
import type { Page } from "@playwright/test";

test.use({ scenario: "settings" });
test.describe.configure({ mode: "serial" });

const [approver] = colleagues;

/** Changes something on the Settings page, and saves it. */
async function save(page: Page, change: () => Promise<void>): Promise<void> {
  await page.goto("/admin/settings");
  await alive(page);
  await change();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expectNotice(page, "Settings saved");
}

const choose = (page: Page, group: string, choice: string) =>
  page.getByRole("group", { name: group }).getByRole("radio", { name: choice, exact: true }).check();

test("F150 what a package gives is shown to nobody, and to everyone again", async ({ signedIn, server }) => {
  const id = await (await Office.open(server)).package({ name: "Boat house", group: "Rowers of the boat house", days: 30 });
  const [admin, own] = [await signedIn(admin1), await signedIn(plainUser)];
  const gives = own.getByRole("main").getByText("Rowers of the boat house");
  await own.goto(`/my-access/packages/${id}`);
  await expect(gives.first()).toBeVisible();
  await save(admin, () => choose(admin, "Show what a package gives", "To nobody"));
  await own.goto(`/my-access/packages/${id}`);
  await expect(own.getByRole("main")).toContainText("What this package gives is shown once you have it.");
  await expect(gives).toHaveCount(0);
  await save(admin, () => choose(admin, "Show what a package gives", "To members, not to guests"));
  await own.goto(`/my-access/packages/${id}`);
  await expect(gives.first()).toBeVisible();
});

test("F149 My Access opens with the Overview where that is chosen, and its list stays one step away", async ({ signedIn, newWindow }) => {
  const admin = await signedIn(admin1);
  await save(admin, () => choose(admin, "Open My Access with the Overview", "Yes"));
  const own = await signedIn(plainUser);
  for (const address of ["/", "/my-access"]) {
    await own.goto(address);
    await expect(own).toHaveURL(/\/my-access\/overview$/);
  }
  await expect(own.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await alive(own);
  await own.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: "Access packages" }).click();
  await expect(own.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  // Without scripting the menu's link is a visit of its own, and stays on the list.
  const plain = await newWindow({ javaScriptEnabled: false, storageState: await own.context().storageState() });
  await plain.goto("/my-access");
  await expect(plain.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await plain.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: "Access packages" }).click();
  await expect(plain.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  await save(admin, () => choose(admin, "Open My Access with the Overview", "No"));
  await own.goto("/my-access");
  await expect(own).toHaveURL(/\/my-access$/);
});

test("F102 F164 approvers are not named to requestors, and a kind of mail is switched off", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const requests = { approval: true, justification: false, stages: [stage([await office.user(approver)])] };
  const admin = await signedIn(admin1);
  const before = server.mails().length;
  await save(admin, async () => {
    await choose(admin, "Show approver details", "No");
    await admin.getByRole("checkbox", { name: "Approval requested" }).uncheck();
  });
  await admin.goto("/admin/settings");
  await expect(admin.getByRole("checkbox", { name: "Approval requested" })).not.toBeChecked();
  const id = await request(server, plainUser, await office.package({ name: "Sail loft", group: "Sail loft", days: 30, requests }));
  const own = await signedIn(plainUser);
  await own.goto(`/my-access/requests/${id}`);
  await expect(own.getByRole("dialog")).toContainText("Sail loft");
  await expect(own.getByRole("dialog")).not.toContainText(approver.name);
  await save(admin, async () => {
    await choose(admin, "Show approver details", "Yes");
    await admin.getByRole("checkbox", { name: "Approval requested" }).check();
  });
  await own.goto(`/my-access/requests/${id}`);
  await expect(own.getByRole("dialog")).toContainText(approver.name);
  const asked = server.mails().slice(before).filter((mail) => mail.subject.startsWith("Action required"));
  expect(asked, "no mail of the kind that is off").toEqual([]);
});

test("F164 the daily mail has an hour, and what is no hour is told at its field", async ({ signedIn }) => {
  const admin = await signedIn(admin1);
  await admin.goto("/admin/settings");
  await alive(admin);
  await choose(admin, "Mails to approvers", "One a day with all that waits");
  const hour = admin.getByLabel("Daily mail from (hour, UTC)");
  await hour.fill("25");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await expect(admin.getByText(/from 0 to 23/)).toBeVisible();
  await hour.fill("7");
  await admin.getByRole("button", { name: "Save", exact: true }).click();
  await expectNotice(admin, "Settings saved");
  await admin.goto("/admin/settings");
  await expect(hour).toHaveValue("7");
  await expect(admin.getByRole("radio", { name: "One a day with all that waits" })).toBeChecked();
});
