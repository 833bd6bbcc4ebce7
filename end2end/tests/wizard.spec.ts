// New access package: what was typed stays whichever way one goes, what is wrong is told with the way to it, and another window on the
// same draft is never overwritten unasked.
import type { Locator, Page } from "@playwright/test";
import { Office } from "../fixtures/actions";
import { alive, expect, expectNotice, field, menu, row, search, test } from "../fixtures/base";
import { admin1, colleagues } from "../fixtures/people";
import { next, pick, roleOf } from "../fixtures/wizard";

const group = "Harbour pilots";
const [kept] = colleagues;

let pilots = "";

test.beforeAll(async ({ server }) => {
  pilots = await (await Office.open(server)).group(group);
});

const review = (page: Page) => page.getByRole("button", { name: "Review + create", exact: true }).click();
const create = (page: Page) => page.getByRole("button", { name: "Create", exact: true });
const stepLink = (page: Page, label: string) => page.getByRole("navigation", { name: "New access package" }).getByRole("link", { name: label });
const days = (page: Page) => page.getByLabel("Assignments expire after");
const expires = (page: Page) => page.getByRole("group", { name: "Access package assignments expire" });
const subject = (page: Page, name: string) => page.getByRole("button", { name: `Remove ${name}` });
const mends = (page: Page) => page.getByRole("main").getByRole("list").getByRole("link", { name: / (is required|is no longer there|from 1 to)/ });

async function open(page: Page, id: string, step: string): Promise<void> {
  await page.goto(`/admin/packages/new/${id}/${step}`);
  await alive(page);
}

interface Step {
  label: string;
  /** Fills the step that is open. */
  type: (page: Page) => Promise<void>;
  /** The step that is open holds what was typed. */
  holds: (page: Page) => Promise<void>;
}

const steps: Step[] = [
  {
    label: "Basics",
    async type(page) {
      await field(page, "Name").fill("Night pilots");
      await page.getByLabel("Description").fill("They bring ships in\nafter dark");
    },
    async holds(page) {
      await expect(field(page, "Name")).toHaveValue("Night pilots");
      await expect(page.getByLabel("Description")).toHaveValue("They bring ships in\nafter dark");
    },
  },
  {
    label: "Resource roles",
    async type(page) {
      await pick(page, "Groups and Teams", [group], { seeAll: true });
      await roleOf(page, group).selectOption({ label: "Owner" });
      await page.getByRole("radio", { name: "Lose it when access ends" }).check();
    },
    async holds(page) {
      await expect(roleOf(page, group).locator("option:checked")).toHaveText("Owner");
      await expect(page.getByRole("radio", { name: "Lose it when access ends" })).toBeChecked();
    },
  },
  {
    label: "Requests",
    async type(page) {
      await page.getByRole("radio", { name: "For users in your directory" }).check();
      await page.getByRole("radio", { name: "Specific users and groups" }).check();
      await pick(page, "Add users and groups", [kept.name]);
      await page.getByRole("group", { name: "Enable requests" }).getByRole("radio", { name: "No" }).check();
    },
    async holds(page) {
      await expect(page.getByRole("radio", { name: "For users in your directory" })).toBeChecked();
      await expect(page.getByRole("radio", { name: "Specific users and groups" })).toBeChecked();
      await expect(subject(page, kept.name)).toBeVisible();
      await expect(page.getByRole("group", { name: "Enable requests" }).getByRole("radio", { name: "No" })).toBeChecked();
    },
  },
  {
    label: "Lifecycle",
    async type(page) {
      await expires(page).getByRole("radio", { name: "Number of days" }).check();
      await days(page).fill("45");
    },
    async holds(page) {
      await expect(expires(page).getByRole("radio", { name: "Number of days" })).toBeChecked();
      await expect(days(page)).toHaveValue("45");
    },
  },
];

async function isAt(page: Page, label: string): Promise<void> {
  await expect(stepLink(page, label)).toHaveAttribute("aria-current", "step");
}

/** Types every step and stands at the Review. */
async function typeAll(page: Page): Promise<void> {
  for (const { label, type } of steps) {
    await isAt(page, label);
    await type(page);
    await next(page);
  }
  await isAt(page, "Review + create");
}

test.describe("what was typed stays", () => {
  const ways: Record<string, [back: (page: Page) => Promise<unknown>, on: (page: Page) => Promise<unknown>]> = {
    "the browser's Back and Forward": [(page) => page.goBack(), (page) => page.goForward()],
    "Previous and Next": [(page) => page.getByRole("button", { name: "Previous" }).click(), next],
  };
  for (const [way, [back, on]] of Object.entries(ways)) {
    test(`F009 F010 by ${way}`, async ({ signedIn, server }) => {
      const { id } = await (await Office.open(server)).draft(() => ({}));
      const page = await signedIn(admin1);
      await open(page, id, "basics");
      await typeAll(page);
      for (const { label, holds } of [...steps].reverse()) {
        await back(page);
        await isAt(page, label);
        await holds(page);
      }
      for (const { label, holds } of steps) {
        await isAt(page, label);
        await holds(page);
        await on(page);
      }
      await isAt(page, "Review + create");
    });
  }

  test("F009 F010 by a reload in the moment of typing, and by one after it", async ({ signedIn, server }) => {
    const { id } = await (await Office.open(server)).draft(() => ({}));
    const page = await signedIn(admin1);
    await open(page, id, "basics");
    for (const { label, type, holds } of steps) {
      await isAt(page, label);
      await type(page);
      await page.reload();
      await alive(page);
      await holds(page);
      await expect(page.getByText("Draft saved")).toBeVisible();
      await page.reload();
      await alive(page);
      await isAt(page, label);
      await holds(page);
      await next(page);
    }
    await expect(page.getByText(/changed in another window/)).toBeHidden();
  });

  test("F009 F010 by the browser's Back before it could be saved", async ({ signedIn, server }) => {
    const { id } = await (await Office.open(server)).draft((catalog) => ({ basics: { name: "As it was", description: "As it was", catalog } }));
    const page = await signedIn(admin1);
    await open(page, id, "basics");
    await stepLink(page, "Lifecycle").click();
    await days(page).fill("45");
    await page.goBack();
    await field(page, "Name").fill("As it is");
    await page.goForward();
    await expect(days(page)).toHaveValue("45");
    await page.goBack();
    await expect(field(page, "Name")).toHaveValue("As it is");
  });
});

test.describe("two windows on one draft", () => {
  // The browser itself notes the refused save on its console.
  test.use({ expectedErrors: [/status of 409/] });

  /** Two windows on a draft: what the first saved is there, what the second typed is not saved and it is told so. */
  async function differ(signedIn: (person: typeof admin1) => Promise<Page>, office: Office): Promise<[Page, Page, Locator]> {
    const { id } = await office.draft((catalog) => ({ basics: { name: "To begin with", description: "To begin with", catalog } }));
    const [first, second] = [await signedIn(admin1), await signedIn(admin1)];
    await open(first, id, "basics");
    await open(second, id, "basics");
    await field(first, "Name").fill("Of the first");
    await first.getByLabel("Description").fill("Said by the first");
    await expect(first.getByText("Draft saved")).toBeVisible();
    await field(second, "Name").fill("Of the second");
    const told = second.getByText("This draft was changed in another window");
    await expect(told).toBeVisible();
    await expect(second.getByText("Not saved yet")).toBeVisible();
    return [first, second, told];
  }

  test("Load the other version shows what the first saved, and goes on from there", async ({ signedIn, server }) => {
    const [first, second, told] = await differ(signedIn, await Office.open(server));
    await second.getByRole("button", { name: "Load the other version" }).click();
    await expect(told).toBeHidden();
    await expect(field(second, "Name")).toHaveValue("Of the first");
    await expect(second.getByLabel("Description")).toHaveValue("Said by the first");
    await expect(second.getByText("Draft saved")).toBeVisible();

    await second.getByLabel("Description").fill("Said by the second");
    await expect(second.getByText("Draft saved")).toBeVisible();
    await first.reload();
    await expect(field(first, "Name")).toHaveValue("Of the first");
    await expect(first.getByLabel("Description")).toHaveValue("Said by the second");
  });

  test("Keep mine puts what the second typed in its place", async ({ signedIn, server }) => {
    const [first, second, told] = await differ(signedIn, await Office.open(server));
    await second.getByRole("button", { name: "Keep mine" }).click();
    await expect(told).toBeHidden();
    await expect(field(second, "Name")).toHaveValue("Of the second");
    await expect(second.getByText("Draft saved")).toBeVisible();
    await first.reload();
    await expect(field(first, "Name")).toHaveValue("Of the second");
    await expect(first.getByLabel("Description")).toHaveValue("To begin with");
  });

  test("what is not decided yet is still asked after a reload", async ({ signedIn, server }) => {
    const [, second, told] = await differ(signedIn, await Office.open(server));
    await second.reload();
    await expect(told).toBeVisible();
    await expect(field(second, "Name")).toHaveValue("Of the second");
  });
});

test.describe("Review + create", () => {
  /** A draft with one fault on each step. */
  async function faulty(office: Office, name: string): Promise<string> {
    const { id } = await office.draft((catalog) => ({
      basics: { name, description: "", catalog },
      roles: [{ object: pilots, role: null }],
      requests: { audience: "in_directory", scope: "specific", subjects: [], approval: false, enabled: true },
      lifecycle: { kind: "hours", date: "", days: "", hours: "0" },
    }));
    return id;
  }

  test("F022 Create waits and says why until all is mended, then it creates", async ({ signedIn, server }) => {
    const page = await signedIn(admin1);
    await open(page, await faulty(await Office.open(server), "Day pilots"), "review");
    await expect(create(page)).toBeDisabled();
    await expect(create(page)).toHaveAccessibleDescription("4 things need another look first; they are listed above.");
    await create(page).press("Enter");
    await expect(mends(page)).toHaveCount(4);
    await expect(create(page)).not.toHaveAttribute("aria-busy");

    await mends(page).filter({ hasText: "Description" }).click();
    await page.getByLabel("Description").fill("By daylight");
    await review(page);
    await mends(page).filter({ hasText: "Role" }).click();
    await roleOf(page, group).selectOption({ label: "Member" });
    await review(page);
    await mends(page).filter({ hasText: "user or group" }).click();
    await pick(page, "Add users and groups", [kept.name]);
    await review(page);
    await expect(create(page)).toBeDisabled();
    await expect(create(page)).toHaveAccessibleDescription("One thing needs another look first; it is listed above.");
    await mends(page).click();
    await days(page).fill("8");
    await review(page);

    await expect(mends(page)).toHaveCount(0);
    await expect(create(page)).toBeEnabled();
    await create(page).click();
    await expect(page.getByRole("heading", { level: 1, name: "Day pilots" })).toBeVisible();
  });

  const faults: [told: string, step: string, control: (page: Page) => Locator][] = [
    ["Basics: Name is required.", "basics", (page) => field(page, "Name")],
    [`Resource roles: ${group}: Role is required.`, "resource-roles", (page) => roleOf(page, group)],
  ];
  for (const [told, step, control] of faults) {
    test(`F022 "${told}" leads to its field`, async ({ signedIn, server }) => {
      const page = await signedIn(admin1);
      await open(page, await faulty(await Office.open(server), ""), "review");
      await page.getByRole("link", { name: told }).click();
      await expect(page).toHaveURL(new RegExp(`/${step}$`));
      await expect(control(page)).toBeInViewport();
      await expect(control(page)).toHaveAttribute("aria-invalid", "true");
      await expect(control(page)).toHaveAccessibleDescription(new RegExp(told.split(": ").at(-1) as string));
    });
  }

  test("F020 F022 F023 shows every choice of every step, creates, tells, and the list has it", async ({ signedIn, server }) => {
    const { id } = await (await Office.open(server)).draft(() => ({}));
    const page = await signedIn(admin1);
    await open(page, id, "basics");
    await typeAll(page);
    const main = page.getByRole("main");
    for (const sentence of [
      "Night pilots, in the catalog General.",
      "They bring ships in\nafter dark",
      `Gives Owner of ${group} (Security).`,
      "People who had one of these roles before lose it when access ends.",
      `${kept.name} can request this without approval.`,
      "Enable requests: No. New requests are not taken.",
      "Access ends 45 days after it is delivered.",
    ]) {
      await expect(main.getByText(sentence, { exact: true })).toBeVisible();
    }
    for (const { label } of steps) {
      await main.getByRole("link", { name: `Edit ${label}` }).click();
      await isAt(page, label);
      await page.goBack();
    }
    await create(page).click();
    await expectNotice(page, "Night pilots was created");
    await menu(page, "Access packages");
    await search(page, "Night pilots");
    await expect(row(page, "Night pilots")).toHaveCount(1);
  });
});

test('F021 F076 "soon" hours are refused at their field, which keeps them', async ({ signedIn, server }) => {
  const { id } = await (await Office.open(server)).draft(() => ({}));
  const page = await signedIn(admin1);
  await open(page, id, "lifecycle");
  await expires(page).getByRole("radio", { name: "Number of hours" }).check();
  await days(page).fill("soon");
  await next(page);
  await expect(days(page)).toHaveAttribute("aria-invalid", "true");
  await expect(days(page)).toHaveAccessibleDescription(/Enter a whole number\./);
  await expect(days(page)).toBeFocused();
  await expect(days(page)).toHaveValue("soon");
  await isAt(page, "Lifecycle");
});
