// Separation of duties as one story: a rule is added once it was said who has both, the requestor reads by what they are kept from the
// package, the administrator too, an exception opens the way, and who has both is a file. The rules themselves are shown beside the code.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { Office, request, settled } from "../fixtures/actions";
import { alive, answer, audit, expect, expectNotice, field, row, test } from "../fixtures/base";
import { admin1, colleagues, plainUser } from "../fixtures/people";

test.use({ scenario: "incompatibilities" });

const [both] = colleagues;

async function select(page: Page, pane: string, name: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: pane });
  await dialog.getByRole("searchbox").fill(name);
  await dialog.getByRole("checkbox", { name }).check();
  await dialog.getByRole("button", { name: "Select", exact: true }).click();
  await expect(dialog).toBeHidden();
}

/** A date and time some days from now, as a field takes it. */
const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);

test("F128 F132 a rule with its preview keeps the holder away, an exception opens the way, and who has both is a file", async ({ server, signedIn }) => {
  const office = await Office.open(server);
  const checks = await office.package({ name: "Toll checks", group: "Toll checks", days: 30 });
  const income = await office.package({ name: "Toll income", group: "Toll income", days: 30 });
  for (const id of [checks, income]) await request(server, both, id);
  await request(server, plainUser, checks);
  await settled(server);

  const page = await signedIn(admin1);
  const address = `/admin/packages/${income}/separation-of-duties`;
  await page.goto(address);
  await alive(page);
  await page.getByRole("button", { name: "Add access package" }).click();
  await select(page, "Select an access package", "Toll checks");
  const question = page.getByRole("dialog", { name: "Make Toll checks incompatible?" });
  await expect(question).toContainText("1 person has both now, and keeps both:");
  await expect(question).toContainText(both.name);
  await audit(page);
  await answer(page, "Yes");
  await expectNotice(page, "Toll checks is incompatible now");
  await expect(row(page, "Toll checks").getByRole("link", { name: /^1/ })).toBeVisible();

  const words = "You have Toll checks, which can't be combined with Toll income.";
  const own = await signedIn(plainUser);
  await own.setViewportSize({ width: 375, height: 800 });
  await own.goto(`/my-access/packages/${income}`);
  await expect(own.getByText(words).first()).toBeVisible();
  await audit(own);

  await page.goto(`/admin/packages/${income}/assignments/new`);
  await alive(page);
  await page.getByRole("button", { name: "Add users" }).click();
  await select(page, "Select users", plainUser.name);
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await expect(page.getByText(`${plainUser.name} has Toll checks, which can't be combined with Toll income.`)).toBeVisible();

  await page.goto(`${address}/exceptions`);
  await alive(page);
  await page.getByRole("button", { name: "Grant exception" }).click();
  const pane = page.getByRole("dialog", { name: "Grant exception" });
  await pane.getByRole("button", { name: "Grant", exact: true }).click();
  await expect(pane.getByText("Reason is required.")).toBeVisible();
  await field(pane, "In spite of").selectOption({ label: "Toll checks" });
  await pane.getByRole("button", { name: "Select a person" }).click();
  await select(page, "Select a person", plainUser.name);
  await field(pane, "Reason").fill("Stands in for a week");
  await field(pane, "Until").fill(later(7));
  await audit(page);
  await pane.getByRole("button", { name: "Grant", exact: true }).click();
  await expectNotice(page, "The exception was granted");
  await expect(row(page, plainUser.name)).toContainText("Stands in for a week");

  await request(server, plainUser, income);
  await settled(server);
  await page.goto(address);
  await alive(page);
  await row(page, "Toll checks").getByRole("link", { name: /^2/ }).click();
  await expect(row(page, plainUser.name)).toBeVisible();
  await expect(row(page, both.name)).toContainText("None");
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const file = readFileSync(await (await coming).path(), "utf8");
  expect(file).toContain(`${plainUser.name},${plainUser.userName},`);
  expect(file).toContain(`${both.name},${both.userName},`);

  await page.goto("/admin/reports/conflicts?show=open");
  await expect(row(page, both.name)).toContainText("Toll checks");
  await expect(row(page, plainUser.name)).toHaveCount(0);
});
