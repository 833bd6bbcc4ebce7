// Policies where only a browser shows it: what a choice reveals and clears, rows that come and go without losing what was typed beside
// them, and a policy that two windows change. The rules themselves are shown by the tests beside the code.
import type { Locator, Page } from "@playwright/test";
import { Office } from "../fixtures/actions";
import { alive, answer, expect, expectNotice, field, row, rowAction, test } from "../fixtures/base";
import { admin1, colleagues } from "../fixtures/people";

const [first, second] = colleagues;
let address = "";

test.beforeAll(async ({ server }) => {
  const office = await Office.open(server);
  address = `/admin/packages/${await office.package({ name: "Pilot boats", group: "Pilot boats", days: 30 })}/policies`;
});

const choose = (within: Page | Locator, group: string, choice: string) =>
  within.getByRole("group", { name: group }).getByRole("radio", { name: choice, exact: true }).check();
const stage = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
const days = (within: Locator) => within.getByLabel("Decision must be made in how many days?");

/** Takes one person in the pane that is open. */
async function select(page: Page, name: string): Promise<void> {
  const pane = page.getByRole("dialog", { name: "Select users and groups" });
  await pane.getByRole("searchbox").fill(name);
  await pane.getByRole("checkbox", { name }).check();
  await pane.getByRole("button", { name: "Select", exact: true }).click();
  await expect(pane).toBeHidden();
}

async function add(page: Page, name: string): Promise<void> {
  await page.goto(`${address}/new`);
  await alive(page);
  await field(page, "Name").fill(name);
  await page.getByRole("radio", { name: "For users in your directory" }).check();
  await page.getByRole("radio", { name: "All members (excluding guests)" }).check();
}

test("F065 F086 F091 a policy with two stages is added, and its details say them", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await add(page, "With approval");
  await choose(page, "Require approval", "Yes");
  await page.getByLabel("How many stages").selectOption("2");
  await choose(stage(page, "First approver"), "Who approves", "Manager as approver");
  await expect(stage(page, "Second approver").getByRole("radio", { name: "Manager as approver", exact: true })).toBeDisabled();
  await choose(stage(page, "Second approver"), "Who approves", "Choose specific approvers");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText("At least one fallback approver is required.")).toBeVisible();
  await stage(page, "First approver").getByRole("button", { name: "Add fallback" }).click();
  await select(page, first.name);
  await stage(page, "Second approver").getByRole("button", { name: "Add approvers" }).click();
  await select(page, second.name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expectNotice(page, "With approval");
  const details = page.getByRole("dialog", { name: "With approval" });
  for (const said of ["Yes, 2 stages", "Manager", first.name, second.name]) await expect(details).toContainText(said);
});

test("F086 F088 fewer stages take the last away, a removed one leaves the others as they were, and No clears them", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await add(page, "Never created");
  await choose(page, "Require approval", "Yes");
  await page.getByLabel("How many stages").selectOption("3");
  for (const [name, typed] of [["First approver", "5"], ["Second approver", "6"], ["Third approver", "7"]]) await days(stage(page, name)).fill(typed);
  await stage(page, "Second approver").getByRole("button", { name: "Remove second approver" }).click();
  await expect(days(stage(page, "Second approver"))).toHaveValue("7");
  await expect(page.getByLabel("How many stages")).toHaveValue("2");
  await choose(page, "Require approval", "No");
  await expect(stage(page, "First approver")).toHaveCount(0);
  await choose(page, "Require approval", "Yes");
  await expect(days(stage(page, "First approver"))).toHaveValue("14");
  await expect(stage(page, "Second approver")).toHaveCount(0);
});

test("F099 F100 the advanced settings of a stage come when they are opened, with their faults at their fields", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await add(page, "Never forwarded");
  await choose(page, "Require approval", "Yes");
  const only = stage(page, "First approver");
  await choose(only, "Who approves", "Manager as approver");
  await days(only).fill("4");
  await page.getByRole("checkbox", { name: "Show advanced request settings" }).check();
  await choose(only, "If no action taken, forward to alternate approvers?", "Yes");
  const after = only.getByLabel("Forward to alternate approver(s) after how many days?");
  await after.fill("4");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(after).toHaveAccessibleDescription(/less than the days in which a decision must be made/);
  await expect(only.getByRole("group", { name: "Alternate approvers", exact: true })).toBeVisible();
  // Closed and opened again, they are as they were left.
  await page.getByRole("checkbox", { name: "Show advanced request settings" }).uncheck();
  await expect(after).toBeHidden();
  await page.getByRole("checkbox", { name: "Show advanced request settings" }).check();
  await expect(after).toHaveValue("4");
});

test("F105 F106 F107 questions are put in order and keep what was typed", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await add(page, "With questions");
  for (const [at, text] of ["Which boat?", "Which harbour?"].entries()) {
    await page.getByRole("button", { name: "Add question" }).click();
    await stage(page, `Question ${at + 1}`).getByLabel("Question text").first().fill(text);
  }
  await page.getByRole("button", { name: "Move up question 2" }).click();
  await expect(stage(page, "Question 1").getByLabel("Question text").first()).toHaveValue("Which harbour?");
  await stage(page, "Question 1").getByLabel("Answer format").selectOption({ label: "Multiple choice" });
  await field(stage(page, "Question 1"), "Answer values").fill("North\nSouth");
  await stage(page, "Question 2").getByLabel("Question text").first().fill(" ");
  await stage(page, "Question 2").getByLabel("Regular expression").fill("[0-9");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(stage(page, "Question 2")).toContainText("Question text is required.");
  await page.getByRole("button", { name: "Remove question 2" }).click();
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expectNotice(page, "With questions");
  await expect(page.getByRole("dialog", { name: "With questions" })).toContainText("Which harbour? (Multiple choice: North, South; optional)");
});

test.describe("two windows", () => {
  // The browser itself notes the refusal on its console.
  test.use({ expectedErrors: [/status of 409/] });

  test("F066 an update that comes late is told what was changed, and what was typed stays", async ({ signedIn }) => {
    const [mine, other] = [await signedIn(admin1), await signedIn(admin1)];
    for (const page of [mine, other]) {
      await page.goto(address);
      await alive(page);
      await rowAction(page, "Initial Policy", "Edit");
      await expect(field(page, "Name")).toHaveValue("Initial Policy");
    }
    await other.getByLabel("Assignments expire after").fill("7");
    await other.getByRole("button", { name: "Update" }).click();
    await expectNotice(other, "Initial Policy");
    await mine.getByLabel("Assignments expire after").fill("9");
    await mine.getByRole("button", { name: "Update" }).click();
    await expect(mine.getByText("Changed since you opened it", { exact: true })).toBeVisible();
    await expect(mine.getByLabel("Assignments expire after")).toHaveValue("9");
    await mine.getByRole("button", { name: "Reload" }).click();
    await expect(mine.getByLabel("Assignments expire after")).toHaveValue("7");
  });
});

test("F066 F067 F072 an earlier version is restored, and a policy is disabled and deleted from its row", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await add(page, "Short-lived");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expectNotice(page, "Short-lived");
  await page.goto(address);
  await alive(page);
  await rowAction(page, "Short-lived", "Disable");
  await answer(page, "Yes");
  await expect(row(page, "Short-lived")).toContainText("Not enabled");
  await rowAction(page, "Short-lived", "Versions");
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await answer(page, "Yes");
  await expect(page.getByRole("row", { name: /Version 3/ }).first()).toContainText("In force");
  await page.goto(address);
  await alive(page);
  await expect(row(page, "Short-lived")).toContainText("Enabled");
  await rowAction(page, "Short-lived", "Delete");
  await answer(page, "Yes");
  await expect(row(page, "Short-lived")).toHaveCount(0);
});
