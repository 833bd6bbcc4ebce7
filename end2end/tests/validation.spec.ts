// Bad input where the browser has a part in it: it is refused at its field, which keeps it. What the server says of each bad value is read
// from its pages in src/web/tests.
import type { Page } from "@playwright/test";
import { Office } from "../fixtures/actions";
import { alive, answer, expect, field, menu, row, rowAction, test } from "../fixtures/base";
import { admin1, plainUser, userAdmin1 } from "../fixtures/people";
import { basics, startPackage } from "../fixtures/wizard";

// The browser itself notes each refused answer of the server on its console.
test.use({ expectedErrors: [/the server responded with a status of 4\d\d/] });

let hall = "";

test.beforeAll(async ({ server }) => {
  hall = await (await Office.open(server)).package({ name: "Market hall key", group: "Market hall", days: 30 });
});

test("F010 a package's name that is taken, in other case, is refused at its field", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await startPackage(page);
  await basics(page, "MARKET HALL KEY");
  const box = field(page, "Name");
  await expect(box).toHaveAttribute("aria-invalid", "true");
  await expect(box).toHaveAccessibleDescription(/is taken/);
  await expect(box).toBeFocused();
});

test("F021 F076 each way in which access ends keeps what was typed for it", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await startPackage(page);
  await basics(page, "Never made");
  await page.getByRole("link", { name: /^Lifecycle/ }).click();
  const ways = page.getByRole("group", { name: "Access package assignments expire" });
  const number = page.getByLabel("Assignments expire after");
  await ways.getByRole("radio", { name: "Number of days" }).check();
  await number.fill("30");
  await ways.getByRole("radio", { name: "Number of hours" }).check();
  await expect(number).toHaveValue("");
  await number.fill("8");
  await ways.getByRole("radio", { name: "On date" }).check();
  await expect(page.getByLabel("Expiration date")).toHaveValue("");
  await page.getByLabel("Expiration date").fill("2099-01-31");
  await ways.getByRole("radio", { name: "Number of days" }).check();
  await expect(number).toHaveValue("30");
  await ways.getByRole("radio", { name: "Number of hours" }).check();
  await expect(number).toHaveValue("8");
  await ways.getByRole("radio", { name: "On date" }).check();
  await expect(page.getByLabel("Expiration date")).toHaveValue("2099-01-31");
});

test("F061 Esc in Select groups leaves the pane around it open", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto(`/admin/packages/${hall}/resource-roles`);
  await page.getByRole("button", { name: "Add resource roles" }).click();
  const outer = page.getByRole("dialog", { name: "Add resource roles" });
  const inner = page.getByRole("dialog", { name: "Select groups" });
  await outer.getByRole("button", { name: "Groups and Teams" }).click();
  await inner.getByRole("searchbox").press("Escape");
  await expect(inner).toBeHidden();
  await expect(outer).toBeVisible();
});

test("F012 Select groups opens anew with an empty search", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await startPackage(page);
  await basics(page, "Never made");
  const pane = page.getByRole("dialog", { name: "Select groups" });
  const search = pane.getByRole("searchbox");
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  await search.fill("Market hall");
  await expect(pane.getByText("Market hall")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(pane).toBeHidden();
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  await expect(search).toHaveValue("");
});

test("F032 the same form sent twice makes one request", async ({ signedIn }) => {
  const page = await signedIn(plainUser);
  await page.goto("/my-access");
  await row(page, "Market hall key").getByRole("radio").check();
  await page.getByRole("button", { name: "Request access" }).click();
  await page.getByLabel("Business justification").fill("Pressed twice");
  await page.getByRole("button", { name: "Submit" }).dblclick();
  await menu(page, "Request history");
  await expect(row(page, "Market hall key")).toHaveCount(1);
});

test("F031 a justification with a change of direction is refused at its field and keeps the text", async ({ signedIn }) => {
  const page = await signedIn(userAdmin1);
  await page.goto(`/my-access/packages/${hall}/request`);
  await alive(page);
  const field = page.getByLabel("Business justification");
  await field.fill("For the \u202emarket");
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(field).toHaveAccessibleDescription(/can't be used here/);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("For the \u202emarket");
});

test("of two administrators who edit one package, the second is told what changed", async ({ signedIn }) => {
  const open = async (page: Page) => {
    await page.goto("/admin");
    await menu(page, "Access packages");
    await row(page, "Market hall key").getByRole("link", { name: "Market hall key" }).click();
    await page.getByRole("button", { name: "Edit" }).click();
  };
  const first = await signedIn(admin1);
  const second = await signedIn(userAdmin1);
  await open(first);
  await open(second);
  await first.getByLabel("Description").fill("Said by the first");
  await first.getByRole("button", { name: "Save" }).click();
  await expect(first.getByRole("main")).toContainText("Said by the first");
  await second.getByLabel("Description").fill("Said by the second");
  await second.getByRole("button", { name: "Save" }).click();
  await expect(second.getByText(/changed since you opened it/)).toBeVisible();
});

test("a package that was deleted after the page was opened refuses the Submit and keeps what was typed", async ({ signedIn, server }) => {
  await (await Office.open(server)).package({ name: "Closing soon", group: "Market hall" });
  const admin = await signedIn(admin1);
  await admin.goto("/admin/packages");
  const own = await signedIn(plainUser);
  await own.goto("/my-access");
  await row(own, "Closing soon").getByRole("radio").check();
  await own.getByRole("button", { name: "Request access" }).click();
  await own.getByLabel("Business justification").fill("Too late");
  await rowAction(admin, "Closing soon", "Delete");
  await answer(admin, "Yes");
  await expect(row(admin, "Closing soon")).toHaveCount(0);
  await own.getByRole("button", { name: "Submit" }).click();
  await expect(own.getByRole("dialog").getByText(/deleted|no longer/i)).toBeVisible();
  await expect(own.getByLabel("Business justification")).toHaveValue("Too late");
});
