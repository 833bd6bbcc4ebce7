// The tutorial, Steps 1 to 5, with its own words and names, in its order. Each test begins where the one before it ended.
import { type Page } from "@playwright/test";
import { alive, answer, expect, expectNotice, field, menu, row, rowAction, search, signIn, signInFirst, signOut, submenu, test } from "../fixtures/base";
import { admin1, initialPassword, requestor1 } from "../fixtures/people";

test.describe.configure({ mode: "serial" });
test.use({ scenario: "tutorial", permissions: ["clipboard-read", "clipboard-write"] });

const group = "Marketing resources";
const campaign = "Marketing Campaign";
let portalLink = "";

async function adminHome(page: Page): Promise<void> {
  await page.goto("/admin");
  await signIn(page, admin1);
  await alive(page);
}

async function openCampaign(page: Page): Promise<void> {
  await menu(page, "Identity Governance", "Access packages");
  await row(page, campaign).getByRole("link", { name: campaign }).click();
  await expect(page.getByRole("heading", { level: 1, name: campaign })).toBeVisible();
}

test.describe("Step 1: Set up users and group", () => {
  test("F001 F002 a fresh directory has an administrator, and the menu leads to Access packages", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Users", "Groups", "Access packages", "Catalogs");
  });

  test("F003 create the user Requestor1", async ({ page, newWindow }) => {
    await adminHome(page);
    await menu(page, "Users");
    await page.getByRole("link", { name: "New user" }).click();
    await field(page, "Name").fill(requestor1.name);
    await page.getByLabel("User name").fill(requestor1.userName);
    await page.getByLabel("Initial password").fill(initialPassword);
    await page.getByLabel("Directory role").selectOption({ label: "User" });
    await page.getByRole("button", { name: "Create" }).click();
    await expectNotice(page, requestor1.name);
    await menu(page, "Users");
    await search(page, requestor1.name);
    await expect(row(page, requestor1.name)).toBeVisible();

    const own = await newWindow();
    await own.goto("/my-access");
    await signInFirst(own, requestor1, initialPassword);
    await expect(own.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  });

  test("F004 a user with the role User administrator reaches Access packages", async ({ page, newWindow }) => {
    await adminHome(page);
    const second = { name: "Admin2", userName: "admin2", password: "second-key-to-the-vault-9" };
    await menu(page, "Users");
    await page.getByRole("link", { name: "New user" }).click();
    await field(page, "Name").fill(second.name);
    await page.getByLabel("User name").fill(second.userName);
    await page.getByLabel("Initial password").fill(initialPassword);
    await page.getByLabel("Directory role").selectOption({ label: "User administrator" });
    await page.getByRole("button", { name: "Create" }).click();
    await expectNotice(page, second.name);

    const own = await newWindow();
    await own.goto("/");
    await signInFirst(own, second, initialPassword);
    await menu(own, "Access packages");
    await expect(own.getByRole("link", { name: "New access package" })).toBeVisible();
  });

  test("F005 create the security group Marketing resources, membership Assigned", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Groups");
    await page.getByRole("link", { name: "New group" }).click();
    await page.getByLabel("Group type").selectOption({ label: "Security" });
    await page.getByLabel("Group name").fill(group);
    await page.getByLabel("Membership type").selectOption({ label: "Assigned" });
    await page.getByRole("button", { name: "Create" }).click();
    await expectNotice(page, group);
    await expect(page.getByRole("heading", { level: 1, name: group })).toBeVisible();
    await submenu(page, "Members");
    await expect(page.getByRole("main")).toContainText(/no members/i);
  });

  test("F006 F007 General is there, and the list of packages offers a new one", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Catalogs");
    await expect(row(page, "General")).toBeVisible();
    await row(page, "General").getByRole("link", { name: "General" }).click();
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toHaveAttribute("aria-disabled", "true");
    await menu(page, "Access packages");
    await expect(page.getByRole("link", { name: "New access package" })).toBeVisible();
    for (const head of ["Name", "Description", "Catalog", "Active assignments"]) {
      await expect(page.getByRole("columnheader", { name: head })).toBeVisible();
    }
  });
});

test.describe("Step 2: Create an access package", () => {
  test("F009 F010 F011 F012 F013 F015 F017 F018 F019 F020 F021 F022 F023 the wizard, tab by tab", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Identity Governance", "Access packages");
    await page.getByRole("main").getByRole("link", { name: "New access package" }).click();

    await test.step("Basics", async () => {
      const steps = page.getByRole("navigation", { name: "New access package" }).getByRole("listitem");
      await expect(steps).toContainText(["Basics", "Resource roles", "Requests", "Lifecycle", "Review + create"]);
      await page.getByRole("button", { name: "Next: Resource roles" }).click();
      await expect(page.getByText("Name is required.")).toBeVisible();
      await field(page, "Name").fill(campaign);
      await page.getByLabel("Description").fill("Access to resources for the campaign");
      await expect(page.getByLabel("Catalog").locator("option:checked")).toHaveText("General");
      await page.getByRole("button", { name: "Next: Resource roles" }).click();
    });

    await test.step("Resource roles", async () => {
      await page.getByRole("button", { name: "Groups and Teams" }).click();
      const pane = page.getByRole("dialog", { name: "Select groups" });
      await expect(pane).toBeVisible();
      await pane.getByRole("searchbox").fill(group);
      await expect(pane.getByRole("checkbox", { name: group })).toHaveCount(0);
      await pane.getByRole("checkbox", { name: "See all" }).check();
      await pane.getByRole("checkbox", { name: group }).check();
      await pane.getByRole("button", { name: "Select", exact: true }).click();
      await expect(pane).toBeHidden();
      await page.getByRole("button", { name: "Next: Requests" }).click();
      await expect(row(page, group).getByText(/Role is required|Choose a role/)).toBeVisible();
      const role = row(page, group).getByRole("combobox", { name: /Role/ });
      await expect(role.getByRole("option")).toContainText(["Member", "Owner"]);
      await role.selectOption({ label: "Member" });
      await page.getByRole("button", { name: "Next: Requests" }).click();
    });

    await test.step("Requests", async () => {
      await page.getByRole("radio", { name: "For users in your directory" }).check();
      await page.getByRole("radio", { name: "Specific users and groups" }).check();
      await page.getByRole("button", { name: "Add users and groups" }).click();
      const pane = page.getByRole("dialog", { name: "Select users and groups" });
      await pane.getByRole("searchbox").fill(requestor1.name);
      await pane.getByRole("checkbox", { name: requestor1.name }).check();
      await pane.getByRole("button", { name: "Select", exact: true }).click();
      await expect(page.getByRole("button", { name: `Remove ${requestor1.name}` })).toBeVisible();
      await expect(page.getByRole("group", { name: "Require approval" }).getByRole("radio", { name: "No" })).toBeChecked();
      await page.getByRole("group", { name: "Enable requests" }).getByRole("radio", { name: "Yes" }).check();
      await page.getByRole("button", { name: "Next: Lifecycle" }).click();
    });

    await test.step("Lifecycle", async () => {
      const ends = page.getByRole("group", { name: "Access package assignments expire" });
      await expect(ends.getByRole("radio")).toHaveCount(4);
      await ends.getByRole("radio", { name: "Number of days" }).check();
      await page.getByLabel("Assignments expire after").fill("30");
      await page.getByRole("button", { name: "Next: Review + create" }).click();
    });

    await test.step("Review + create", async () => {
      const main = page.getByRole("main");
      for (const text of [campaign, "Access to resources for the campaign", "General", group, "Member", requestor1.name, "30 days"]) {
        await expect(main).toContainText(text);
      }
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await expectNotice(page, campaign);
      await expect(page.getByRole("heading", { level: 1, name: campaign })).toBeVisible();
    });
  });

  test("F014 F024 F025 the package has its policy and its link, and the group joined General", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await submenu(page, "Policies");
    await expect(row(page, "Initial Policy")).toHaveCount(1);
    await submenu(page, "Overview");
    await page.getByRole("button", { name: /Copy/ }).click();
    portalLink = await page.evaluate(() => navigator.clipboard.readText());
    expect(portalLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/.*[0-9a-f-]{36}/);
    await menu(page, "Catalogs");
    await row(page, "General").getByRole("link", { name: "General" }).click();
    await submenu(page, "Resources");
    await expect(row(page, group)).toBeVisible();
  });
});

test.describe("Step 3: Request access", () => {
  test("F026 signing out ends the session, and Back shows no data", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await signOut(page);
    await page.goBack();
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
    await expect(page.getByText(campaign)).toHaveCount(0);
  });

  test("F027 F028 F029 F030 F031 F032 F033 the link leads through sign-in to the package, and the request is delivered", async ({ page }) => {
    await page.goto(portalLink);
    await signIn(page, requestor1);
    await alive(page);
    const offer = row(page, campaign);
    const given = offer.getByText("What you get");
    await test.step("the link shows the package, ticked and with its details", async () => {
      await expect(given).toBeVisible();
      await expect(offer.getByRole("radio")).toBeChecked();
    });

    await test.step("in the Description column, click the arrow", async () => {
      await menu(page, "Access packages");
      await expect(given).toBeHidden();
      await offer.locator("summary").click();
      await expect(given).toBeVisible();
      await expect(offer.locator("details")).toContainText(group);
    });
    await test.step("click the check mark, then Request access", async () => {
      await offer.getByRole("radio").check();
      await page.getByRole("button", { name: "Request access" }).click();
    });
    await test.step("type the justification and submit", async () => {
      const pane = page.getByRole("dialog", { name: /Request access/ });
      await pane.getByLabel("Business justification").fill("I am working on the new marketing campaign");
      await pane.getByRole("button", { name: "Submit" }).click();
      await expect(pane).toBeHidden();
    });
    await test.step("Request history moves to Delivered by itself", async () => {
      await menu(page, "Request history");
      await expect(row(page, campaign)).toContainText("Delivered");
    });
  });
});

test.describe("Step 4: Validate that access has been assigned", () => {
  test("F034 F035 Requests shows Requestor1, Initial Policy, Delivered, and the details", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await submenu(page, "Requests");
    const request = row(page, requestor1.name);
    await expect(request).toContainText("Initial Policy");
    await expect(request).toContainText("Delivered");
    await request.getByRole("link").first().click();
    const details = page.getByRole("dialog");
    for (const text of [requestor1.name, "Initial Policy", "I am working on the new marketing campaign", "Submitted", "Delivered"]) {
      await expect(details).toContainText(text);
    }
  });

  test("F036 the group's members list Requestor1", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Groups");
    await search(page, group);
    await row(page, group).getByRole("link", { name: group }).click();
    await submenu(page, "Members");
    await expect(row(page, requestor1.name)).toContainText(campaign);
  });

  test("F037 the assignment ends 30 days after it began", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await submenu(page, "Assignments");
    const held = row(page, requestor1.name);
    await expect(held).toContainText("Delivered");
    const [starts, ends] = await held.locator("time").evaluateAll((times) => times.map((time) => Date.parse(time.getAttribute("datetime") ?? "")));
    expect(ends - starts).toBe(30 * 86_400_000);
  });
});

test.describe("Step 5: Clean up resources", () => {
  test("F042 a package that somebody has cannot be deleted, and the message names them", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Access packages");
    await row(page, campaign).getByRole("button", { name: /^More actions/ }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(page.getByText(`${campaign} can't be deleted while 1 person has it: ${requestor1.name} (${requestor1.userName}).`).first()).toBeVisible();
  });

  test("F038 F039 Remove access ends the assignment and the membership", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await submenu(page, "Assignments");
    await expect(row(page, requestor1.name)).toContainText("Delivered");
    await rowAction(page, requestor1.name, "Remove access");
    await answer(page, "Yes");
    await test.step("the status changes from Delivered to Expired where it stands", async () => {
      await expect(row(page, requestor1.name)).toContainText("Expired");
      await expect(row(page, requestor1.name)).not.toContainText("Delivered");
      await expect(page.getByLabel("Status").locator("option:checked")).toHaveText("Delivered");
    });
    await page.getByLabel("Status").selectOption({ label: "Expired" });
    await expect(row(page, requestor1.name)).toContainText("Expired");
    await menu(page, "Groups");
    await search(page, group);
    await row(page, group).getByRole("link", { name: group }).click();
    await submenu(page, "Members");
    await expect(row(page, requestor1.name)).toHaveCount(0);
  });

  test("F040 Remove resource role takes the row away", async ({ page }) => {
    await adminHome(page);
    await openCampaign(page);
    await submenu(page, "Resource roles");
    await rowAction(page, group, "Remove resource role");
    await answer(page, "Yes");
    await expect(row(page, group)).toHaveCount(0);
  });

  test("F041 Delete asks first: No leaves the package, Yes takes it away", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Access packages");
    await rowAction(page, campaign, "Delete");
    await answer(page, "No");
    await expect(row(page, campaign)).toBeVisible();
    await rowAction(page, campaign, "Delete");
    await answer(page, "Yes");
    await expect(row(page, campaign)).toHaveCount(0);
  });

  test("F043 Requestor1 and the group are deleted", async ({ page }) => {
    await adminHome(page);
    await menu(page, "Users");
    await search(page, requestor1.name);
    await rowAction(page, requestor1.name, "Delete");
    await answer(page, "Yes");
    await expect(row(page, requestor1.name)).toHaveCount(0);
    await menu(page, "Groups");
    await search(page, group);
    await rowAction(page, group, "Delete");
    await answer(page, "Yes");
    await expect(row(page, group)).toHaveCount(0);
  });
});
