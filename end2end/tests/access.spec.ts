// Who may see what: refusals in words, and no data behind them.
import { expect, field, menu, row, test } from "../fixtures/base";
import { Office } from "../fixtures/actions";
import { admin1, plainUser, userAdmin1 } from "../fixtures/people";

test.use({ scenario: "access" });

test.describe("a user without a directory role", () => {
  // The browser itself notes a refused page on its console.
  test.use({ expectedErrors: [/status of 403/] });

  test("F008 is told Access denied, and is shown no data", async ({ signedIn }) => {
    const page = await signedIn(plainUser);
    for (const address of ["/admin/packages", "/admin/users", "/admin/groups", "/admin/catalogs"]) {
      await page.goto(address);
      await expect(page.getByRole("heading", { name: "Access denied" })).toBeVisible();
      await expect(page.getByRole("table")).toHaveCount(0);
    }
  });
});

test("F004 a User administrator reaches Users, Groups and Access packages", async ({ signedIn }) => {
  const page = await signedIn(userAdmin1);
  await page.goto("/admin");
  await menu(page, "Users", "Groups", "Access packages");
});

test("F016 a dynamic group offers Owner only, and says why", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin");
  await menu(page, "Groups");
  await page.getByRole("link", { name: "New group" }).click();
  await page.getByLabel("Group name").fill("Everybody in Sales");
  await page.getByLabel("Membership type").selectOption({ label: "Dynamic" });
  await page.getByLabel("Rule").fill('user.department -eq "Sales"');
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("dialog", { name: "Create this group?" }).getByRole("button", { name: "Yes" }).click();
  await menu(page, "Access packages");
  await page.getByRole("link", { name: "New access package" }).click();
  await field(page, "Name").fill("Sales owners");
  await page.getByLabel("Description").fill("For those who own the group");
  await page.getByRole("button", { name: "Next: Resource roles" }).click();
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  const pane = page.getByRole("dialog", { name: "Select groups" });
  await pane.getByRole("checkbox", { name: "See all" }).check();
  await pane.getByRole("searchbox").fill("Everybody in Sales");
  await pane.getByRole("checkbox", { name: "Everybody in Sales" }).check();
  await pane.getByRole("button", { name: "Select", exact: true }).click();
  const picked = row(page, "Everybody in Sales");
  await expect(picked.getByRole("option", { name: "Member" })).toHaveCount(0);
  await expect(picked.getByRole("option", { name: "Owner" })).toHaveCount(1);
  await expect(picked).toContainText("Membership of a dynamic group is decided by its rule, so only Owner can be given.");
});

test("F028 a package is offered only to those whom its policy names", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  await office.package({ name: "Strong room key", group: "Strong room", only: [{ kind: "group", id: await office.group("Key holders") }] });
  await office.package({ name: "Front door key", group: "Front door" });
  const page = await signedIn(plainUser);
  await page.goto("/my-access");
  await expect(row(page, "Front door key")).toBeVisible();
  await expect(row(page, "Strong room key")).toHaveCount(0);
});
