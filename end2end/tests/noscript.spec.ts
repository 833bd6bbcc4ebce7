// My Access with scripting switched off: sign in, find a package, ask for it, read the history.
import { expect, row, signIn, test } from "../fixtures/base";
import { Office } from "../fixtures/actions";
import { plainUser } from "../fixtures/people";

test.use({ javaScriptEnabled: false });

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
