// My Access with scripting switched off: sign in, find a package, ask for it, read the history; approve, deny and delegate.
import { expect, field, row, signIn, test } from "../fixtures/base";
import { Office, request, stage } from "../fixtures/actions";
import { colleagues, plainUser } from "../fixtures/people";

test.use({ scenario: "noscript", javaScriptEnabled: false });

test("F027 F028 F030 F031 F032 F033 F137 sign in, request, history", async ({ page, server }) => {
  await (await Office.open(server)).package({ name: "Reading room key", group: "Reading room", days: 30 });
  await page.goto("/my-access");
  await signIn(page, plainUser);
  await expect(page.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  await row(page, "Reading room key").getByRole("radio").check();
  await page.getByRole("button", { name: "Request access" }).click();
  await page.getByLabel("Business justification").fill("I read on Thursdays");
  await page.getByRole("button", { name: "Submit" }).click();

  await expect(async () => {
    await page.goto("/my-access");
    await page.getByRole("link", { name: "Request history" }).click();
    await expect(row(page, "Reading room key")).toContainText("Delivered", { timeout: 500 });
  }).toPass();
  await row(page, "Reading room key").getByRole("link").first().click();
  await expect(page.getByText("I read on Thursdays")).toBeVisible();
  await page.goto("/my-access");
  await page.getByRole("link", { name: /^Active/ }).click();
  await expect(row(page, "Reading room key")).toBeVisible();
});

test("F087 F089 F144 F147 approve, deny and delegate", async ({ page, server, newWindow }) => {
  const [approver, standIn] = colleagues.slice(20);
  const office = await Office.open(server);
  const requests = { approval: true, justification: false, stages: [stage([await office.user(approver)])] };
  const id = await office.package({ name: "Map room", group: "Map room", days: 30, requests });
  const [one, other, last] = colleagues.slice(22);
  for (const person of [one, other, last]) await request(server, person, id, `${person.name} draws maps`);
  await page.goto("/my-access/approvals");
  await signIn(page, approver);
  await row(page, one.name).getByRole("link").first().click();
  await expect(page.getByText(`${one.name} draws maps`)).toBeVisible();
  await field(page.getByRole("dialog"), "Reason").fill("Well drawn");
  await page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
  await expect(row(page, one.name)).toHaveCount(0);
  await row(page, other.name).getByRole("checkbox").check();
  await field(page, "Reason").fill("Badly drawn");
  await page.getByRole("button", { name: "Deny", exact: true }).click();
  await expect(row(page, one.name)).toContainText("Approved");
  await expect(row(page, other.name)).toContainText("Denied");

  await page.getByRole("link", { name: "Delegate approvals" }).click();
  await field(page, "Delegate").fill(standIn.userName);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toContainText("Active");
  const delegated = await newWindow();
  await delegated.goto("/my-access/approvals");
  await signIn(delegated, standIn);
  await expect(row(delegated, last.name)).toContainText(`In place of ${approver.name}`);
});
