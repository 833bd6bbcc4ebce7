// Bulk operations: a file of users is chosen, looked at row by row, imported, and chosen once more; limits and what a resource asks for.
import { Office } from "../fixtures/actions";
import { alive, expect, expectNotice, field, menu, row, rowAction, search, test } from "../fixtures/base";
import { admin1 } from "../fixtures/people";

test.use({ scenario: "imports" });

const file = (text: string) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

test("users are imported from a file, and the same file twice changes nothing", async ({ signedIn }) => {
  const people = file("User name;Name;Department;Manager\nmaren.lund;Maren Lund;Harbour;ole.vik\nole.vik;Ole Vik;Harbour;\n;Nobody;;\n");
  const page = await signedIn(admin1);
  await page.goto("/admin/users");
  await alive(page);
  await page.getByRole("link", { name: "Bulk operations" }).click();
  await page.getByRole("link", { name: "Import users" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import users" })).toBeVisible();
  await field(page, "File").setInputFiles(people);
  await page.getByRole("button", { name: "Read file" }).click();
  await expect(page.getByText("Of 3 rows: 2 to create, 0 to change, 0 unchanged, 1 refused.")).toBeVisible({ timeout: 30_000 });
  await expect(row(page, "User name is required.")).toContainText("Refused");
  await page.getByRole("button", { name: "Import: create 2, change 0" }).click();
  await expect(page.getByText("2 created, 0 changed, 0 unchanged, 1 refused.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("link", { name: "Download refused rows" })).toBeVisible();

  await menu(page, "Users");
  await search(page, "Maren Lund");
  await expect(row(page, "Maren Lund")).toContainText("Harbour");
  await page.goto("/admin/imports/new/users");
  await alive(page);
  await field(page, "File").setInputFiles(people);
  await page.getByRole("button", { name: "Read file" }).click();
  await expect(page.getByText("Of 3 rows: 0 to create, 0 to change, 2 unchanged, 1 refused.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: /^Import: create 0/ })).toHaveAttribute("aria-disabled", "true");
});

test("F172 a limit is lowered, and what passes it is refused with its name", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin/settings/limits");
  await alive(page);
  await field(page, "Approval stages of a policy").fill("11");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Enter a number from 1 to 10.")).toBeVisible();
  await field(page, "Approval stages of a policy").fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await expectNotice(page, "Limits saved");
  await page.reload();
  await expect(field(page, "Approval stages of a policy")).toHaveValue("3");
});

test("F054 a resource asks for an attribute, and its requestors are asked", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const name = "Harbour gate";
  await office.package({ name, group: name, days: 30 });
  const page = await signedIn(admin1);
  await page.goto("/admin/catalogs");
  await alive(page);
  await page.getByRole("link", { name: "General", exact: true }).click();
  await page.getByRole("link", { name: "Resources", exact: true }).click();
  await search(page, name);
  await rowAction(page, name, "Require attributes");
  await expect(page.getByText("This resource asks for nothing.")).toBeVisible();
  await page.getByRole("button", { name: "Add attribute" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Attribute is required.")).toBeVisible();
  await field(page, "Attribute").selectOption({ label: "Office" });
  await page.getByRole("button", { name: "Save" }).click();
  await expectNotice(page, "Attributes saved");
  await page.reload();
  await expect(field(page, "Attribute")).toHaveValue("office");
});
