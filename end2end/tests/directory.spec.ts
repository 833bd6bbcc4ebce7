// Users and groups as an administrator keeps them: who somebody is and whether they may sign in, who is in a group and why.
import type { Page } from "@playwright/test";
import { Office } from "../fixtures/actions";
import { alive, answer, expect, field, menu, row, rowAction, search, signIn, signInFirst, submenu, test } from "../fixtures/base";
import { type Person, admin1, colleagues, plainUser } from "../fixtures/people";
import { pick } from "../fixtures/wizard";

const person = (name: string) => colleagues.find((colleague) => colleague.name === name) as Person;
const [keeper, helper, newcomer] = ["Leila Bouchard", "Hanna Virtanen", "Clara Hoffmann"].map(person);

const fact = (page: Page, label: string) => page.getByRole("main").locator("dl > div").filter({ has: page.getByText(label, { exact: true }) });
const rule = (page: Page) => field(page, "Rule");

/** An administrator looks at one user. */
async function profile(page: Page, id: string): Promise<void> {
  await page.goto(`/admin/users/${id}`);
  await alive(page);
}

/** Opens a page of a group. */
async function group(page: Page, id: string, name: "members" | "owners"): Promise<void> {
  await page.goto(`/admin/groups/${id}/${name}`);
  await alive(page);
}

/** Signs in with what is typed, and is refused in words that do not tell which of the two was wrong. */
async function refused(page: Page, { userName, password }: Person): Promise<void> {
  await page.getByLabel("User name").fill(userName);
  await field(page, "Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("The user name or password is not right. Check both, then try again.")).toBeVisible();
}

test.describe("a user's profile", () => {
  const changed = person("Gareth Pritchard");

  test("name, job, department and manager are changed, and the list finds the new name", async ({ signedIn, server }) => {
    const id = await (await Office.open(server)).user(changed);
    const page = await signedIn(admin1);
    await profile(page, id);
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await field(page, "Name").fill("Gareth Pritchard-Lund");
    await page.getByLabel("Job title").fill("Harbour master");
    await page.getByLabel("Department").fill("Harbour");
    await pick(page, "Change manager", ["Ingrid Solberg"]);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Gareth Pritchard-Lund" })).toBeVisible();
    await page.reload();
    const facts: [string, string][] = [
      ["Name", "Gareth Pritchard-Lund"],
      ["Job title", "Harbour master"],
      ["Department", "Harbour"],
      ["Manager", "Ingrid Solberg"],
    ];
    for (const [label, value] of facts) await expect(fact(page, label)).toContainText(value);

    await menu(page, "Users");
    await search(page, "Pritchard-Lund");
    await expect(row(page, "Gareth Pritchard-Lund")).toContainText("Harbour master");
  });

  test("a blank name is told at its field, and nothing that was typed is lost", async ({ signedIn, server }) => {
    const id = await (await Office.open(server)).user(newcomer);
    const page = await signedIn(admin1);
    await page.goto(`/admin/users/${id}/edit`);
    await alive(page);
    await field(page, "Name").fill("  ");
    await page.getByLabel("Job title").fill("Lock keeper");
    await page.getByLabel("Mail").fill("keeper@harbour.example");
    await pick(page, "Change manager", [helper.name]);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(field(page, "Name")).toHaveAccessibleDescription("Name is required.");
    await expect(field(page, "Name")).toBeFocused();

    await field(page, "Name").fill(newcomer.name);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1, name: newcomer.name, exact: true })).toBeVisible();
    await page.reload();
    await expect(fact(page, "Job title")).toContainText("Lock keeper");
    await expect(fact(page, "Mail")).toContainText("keeper@harbour.example");
    await expect(fact(page, "Manager")).toContainText(helper.name);
  });
});

test.describe("whether a user may sign in", () => {
  // The browser itself notes each refused answer of the server on its console.
  test.use({ expectedErrors: [/status of 401/] });

  test("F151 a blocked user is out at once and cannot come back until unblocked", async ({ signedIn, server }) => {
    const blocked = person("Diego Salazar");
    const id = await (await Office.open(server)).user(blocked);
    const own = await signedIn(blocked);
    await own.goto("/my-access");
    await alive(own);
    const page = await signedIn(admin1);
    await profile(page, id);
    await page.getByRole("button", { name: "Block sign-in" }).click();
    await answer(page, "Yes");
    await expect(fact(page, "Sign-in")).toContainText("Blocked");

    await own.getByRole("link", { name: "Request history" }).click();
    await expect(own.getByRole("main")).toContainText("Your session is over.");
    await own.reload();
    await refused(own, blocked);

    await page.reload();
    await alive(page);
    await expect(fact(page, "Sign-in")).toContainText("Blocked");
    await page.getByRole("button", { name: "Unblock sign-in" }).click();
    await answer(page, "Yes");
    await expect(fact(page, "Sign-in")).toContainText("Enabled");
    await signIn(own, blocked);
    await expect(own.getByRole("heading", { level: 1, name: "Request history" })).toBeVisible();
  });

  test("a reset password is shown once, replaces the old one, and must be replaced at the first sign-in", async ({ signedIn, newWindow, server }) => {
    const forgetful = person("Samuel Oyelaran");
    const id = await (await Office.open(server)).user(forgetful);
    const before = await signedIn(forgetful);
    await before.goto("/my-access");
    const page = await signedIn(admin1);
    await profile(page, id);
    await page.getByRole("button", { name: "Reset password" }).click();
    await answer(page, "Yes");
    const pane = page.getByRole("dialog", { name: "Temporary password" });
    const shown = page.getByRole("textbox", { name: "Temporary password", includeHidden: true });
    await expect(shown).toHaveValue(/^\S{20}$/);
    const given = await shown.inputValue();
    await pane.getByRole("button", { name: "Done" }).click();
    await expect(pane).toBeHidden();
    await expect(shown).toHaveValue("");

    await before.reload();
    await refused(before, forgetful);
    const own = await newWindow();
    await own.goto("/my-access");
    const renewed = { ...forgetful, password: "seven-lanterns-on-the-quay" };
    await signInFirst(own, renewed, given);
    await expect(own.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
    await refused(before, { ...forgetful, password: given });
    await signIn(before, renewed);
    await expect(before.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  });

  test("F043 F180 a deleted user cannot sign in, and after Restore is back in the list and can", async ({ signedIn, newWindow, server }) => {
    const leaver = person("Beatriz Monteiro");
    const id = await (await Office.open(server)).user(leaver);
    const page = await signedIn(admin1);
    await profile(page, id);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await answer(page, "Yes");
    await expect(page.getByRole("heading", { level: 1, name: "Users" })).toBeVisible();
    await search(page, leaver.name);
    await expect(row(page, leaver.name)).toHaveCount(0);
    const own = await newWindow();
    await own.goto("/my-access");
    await refused(own, leaver);

    await page.getByRole("main").getByRole("link", { name: "Deleted users" }).click();
    await row(page, leaver.name).getByRole("button", { name: `Restore ${leaver.name}` }).click();
    await expect(row(page, leaver.name)).toHaveCount(0);
    await menu(page, "Users");
    await search(page, leaver.name);
    await expect(row(page, leaver.name)).toContainText("Enabled");
    await signIn(own, leaver);
    await expect(own.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  });
});

test.describe("a group", () => {
  test("its name and description are changed, and the list finds the new name", async ({ signedIn, server }) => {
    const id = await (await Office.open(server)).group("Tide watch");
    const page = await signedIn(admin1);
    await page.goto(`/admin/groups/${id}`);
    await alive(page);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const pane = page.getByRole("dialog", { name: "Edit group" });
    await pane.getByLabel("Group name").fill("");
    await pane.getByRole("button", { name: "Save" }).click();
    await expect(pane.getByLabel("Group name")).toHaveAccessibleDescription("Group name is required.");
    await pane.getByLabel("Group name").fill("Storm watch");
    await pane.getByLabel("Group description").fill("Those who read the barometer");
    await pane.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Storm watch" })).toBeVisible();
    await page.reload();
    await expect(fact(page, "Group description")).toContainText("Those who read the barometer");

    await menu(page, "Groups");
    await search(page, "Tide watch");
    await expect(page.getByText(/No group matches/)).toBeVisible();
    await search(page, "Storm");
    await expect(row(page, "Storm watch")).toContainText("Those who read the barometer");
  });

  test("members are added with the picker, several at once, and one is removed", async ({ signedIn, server }) => {
    const id = await (await Office.open(server)).group("Pilots");
    const page = await signedIn(admin1);
    await group(page, id, "members");
    await pick(page, "Add members", [keeper.name, helper.name]);
    await page.reload();
    for (const { name } of [keeper, helper]) await expect(row(page, name)).toContainText("Direct");

    await alive(page);
    await rowAction(page, keeper.name, "Remove");
    await answer(page, "No");
    await expect(row(page, keeper.name)).toBeVisible();
    await rowAction(page, keeper.name, "Remove");
    await answer(page, "Yes");
    await expect(row(page, keeper.name)).toHaveCount(0);
    await page.reload();
    await expect(row(page, helper.name)).toBeVisible();
    await expect(row(page, keeper.name)).toHaveCount(0);
  });

});

test.describe("a new group", () => {
  test("F005 has the owners and members that were chosen for it", async ({ signedIn }) => {
    const page = await signedIn(admin1);
    await page.goto("/admin/groups/new");
    await alive(page);
    await page.getByLabel("Group name").fill("Breakwater");
    await pick(page, "Add owners", [keeper.name]);
    await pick(page, "Add members", [helper.name, newcomer.name, plainUser.name]);
    await page.getByRole("button", { name: `Remove ${plainUser.name}` }).click();
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Breakwater" })).toBeVisible();
    await submenu(page, "Members");
    await expect(row(page, "Direct")).toHaveCount(2);
    for (const { name } of [helper, newcomer]) await expect(row(page, name)).toBeVisible();
    await submenu(page, "Owners");
    await expect(row(page, "Direct")).toHaveCount(1);
    await expect(row(page, keeper.name)).toBeVisible();
  });

  test("F136 with a rule that cannot be read is told so at the rule, and keeps what was typed", async ({ signedIn }) => {
    const page = await signedIn(admin1);
    await page.goto("/admin/groups/new");
    await alive(page);
    await page.getByLabel("Group name").fill("All at sea");
    await page.getByLabel("Membership type").selectOption({ label: "Dynamic" });
    await rule(page).fill('user.department is "Sales"');
    await page.getByRole("button", { name: "Create" }).press("Enter");
    await expect(rule(page)).toHaveAccessibleDescription(/At character 17 of the rule/);
    await expect(rule(page)).toBeFocused();
    await expect(rule(page)).toHaveValue('user.department is "Sales"');
    await expect(page.getByLabel("Group name")).toHaveValue("All at sea");
    await menu(page, "Groups");
    await search(page, "All at sea");
    await expect(page.getByText(/No group matches/)).toBeVisible();
  });

  test("with a rule has whom the rule matches, also when the rule or a person changes", async ({ signedIn, server }) => {
    const joins = await (await Office.open(server)).user(person("Viktor Halvorsen"));
    const page = await signedIn(admin1);
    await page.goto("/admin/groups/new");
    await alive(page);
    await page.getByLabel("Group name").fill("Those in Sales");
    await page.getByLabel("Membership type").selectOption({ label: "Dynamic" });
    await rule(page).fill('user.department -eq "Sales"');
    await page.getByRole("button", { name: "Create" }).click();
    const create = page.getByRole("dialog", { name: "Create this group?" });
    await expect(create).toContainText("5 people will be members.");
    await create.getByRole("button", { name: "Yes" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Those in Sales" })).toBeVisible();
    await submenu(page, "Members");
    const members = page.url();
    await expect(row(page, "Rule")).toHaveCount(5);
    await expect(row(page, "Chiara Lombardi")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add members" })).toBeDisabled();

    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const pane = page.getByRole("dialog", { name: "Edit group" });
    await rule(page).fill('(user.department -eq "Sales") -and (user.jobTitle -contains "Manager")');
    await pane.getByRole("button", { name: "Save" }).click();
    const question = page.getByRole("dialog", { name: "Change the rule?" });
    await expect(question).toContainText("2 people leave");
    await question.getByRole("button", { name: "Yes" }).click();
    await expect(pane).toBeHidden();
    await page.reload();
    await expect(row(page, "Rule")).toHaveCount(3);

    await page.goto(`/admin/users/${joins}/edit`);
    await alive(page);
    await page.getByLabel("Department").fill("Sales");
    await page.getByLabel("Job title").fill("Manager of controllers");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(fact(page, "Department")).toContainText("Sales");
    await page.goto(members);
    await expect(row(page, "Viktor Halvorsen")).toContainText("Rule");
    await expect(row(page, "Rule")).toHaveCount(4);
  });
});

test("a press counts although leaving the field has just told its fault", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin/groups/new");
  await alive(page);
  const name = page.getByLabel("Group name");
  await name.focus();
  await page.getByRole("button", { name: "Create" }).click({ delay: 80 });
  await expect(name).toBeFocused();
  await page.goto("/admin/groups/new");
  await alive(page);
  await name.focus();
  await page.getByRole("link", { name: "Cancel" }).click({ delay: 80 });
  await expect(page).toHaveURL(/\/admin\/groups$/);
});
