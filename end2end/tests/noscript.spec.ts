// My Access with scripting switched off: sign in, find a package, ask for it, read the history.
import { expect, field, row, signIn, test } from "../fixtures/base";
import { Office } from "../fixtures/actions";
import { plainUser } from "../fixtures/people";

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

test.describe("a mistake", () => {
  // The browser itself notes each refusal on its console.
  test.use({ expectedErrors: [/status of (401|404|422)/] });

  test("a wrong password is told plainly", async ({ page }) => {
    await page.goto("/my-access");
    await page.getByLabel("User name").fill(plainUser.userName);
    await field(page, "Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.getByLabel("User name")).toHaveValue(plainUser.userName);
  });

  test("F031 a justification of 2,001 characters comes back with the sentence at its field", async ({ signedIn, server }) => {
    const id = await (await Office.open(server)).package({ name: "Gallery key", group: "Gallery", days: 30 });
    const page = await signedIn(plainUser);
    await page.goto(`/my-access/packages/${id}/request`);
    const words = `${"j".repeat(1000)}\n${"k".repeat(1000)}`;
    const justification = page.getByLabel("Business justification");
    await justification.fill(words);
    const answer = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Submit" }).click();
    expect((await answer).status()).toBe(422);
    await expect(justification).toHaveAccessibleDescription(/Use at most 2000 characters\./);
    await expect(justification).toHaveValue(words);
    await expect(page.getByRole("heading", { name: "Gallery key" })).toBeVisible();

    await justification.fill(words.slice(0, 2000));
    await page.getByRole("button", { name: "Submit" }).click();
    await page.goto("/my-access/requests");
    await expect(row(page, "Gallery key")).toHaveCount(1);
  });

  test("F027 the link of no package is answered with a page that says so", async ({ signedIn }) => {
    const page = await signedIn(plainUser);
    const answer = await page.goto("/my-access/packages/0197f3c2-0000-7000-8000-000000000000");
    expect(answer?.status()).toBe(404);
    await expect(page.getByText("This access package isn't available to you")).toBeVisible();
    await page.getByRole("link", { name: "See access packages" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  });
});
