// Every page, light and dark: no rule of WCAG 2.2 AA broken, nothing on the console, landmarks as they were agreed.
import type { Page } from "@playwright/test";
import { alive, audit, expect, menu, row, search, submenu, test } from "../fixtures/base";
import { Office, request } from "../fixtures/actions";
import { admin1, plainUser } from "../fixtures/people";

test.use({ scenario: "a11y" });

const name = "Market hall";

type Way = (page: Page) => Promise<void>;
const to = (...names: string[]): Way => async (page) => {
  await page.goto("/admin");
  await menu(page, ...names);
};
const within = (list: string, thing: string, part?: string): Way => async (page) => {
  await to(list)(page);
  await search(page, thing);
  await row(page, thing).getByRole("link", { name: thing }).first().click();
  if (part) await submenu(page, part);
};
const pressing = (list: string, label: string): Way => async (page) => {
  await to(list)(page);
  await page.getByRole("link", { name: label }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
};

const adminPages: Record<string, Way> = {
  "the list of users": to("Users"),
  "a new user": pressing("Users", "New user"),
  "a user": within("Users", plainUser.name),
  "the list of groups": to("Groups"),
  "a new group": pressing("Groups", "New group"),
  "a group": within("Groups", name),
  "a group's members": within("Groups", name, "Members"),
  "a group's owners": within("Groups", name, "Owners"),
  "the list of catalogs": to("Catalogs"),
  "a catalog": within("Catalogs", "General"),
  "the list of packages": to("Access packages"),
  "a new package": pressing("Access packages", "New access package"),
  "a package": within("Access packages", name),
  "a package's resource roles": within("Access packages", name, "Resource roles"),
  "a package's policies": within("Access packages", name, "Policies"),
  "a package's assignments": within("Access packages", name, "Assignments"),
  "a package's requests": within("Access packages", name, "Requests"),
};
const ownPages: Record<string, Way> = {
  "what is available": async (page) => void (await page.goto("/my-access")),
  "what is active": async (page) => {
    await page.goto("/my-access");
    await page.getByRole("link", { name: /^Active/ }).click();
  },
  "the history": async (page) => {
    await page.goto("/my-access");
    await menu(page, "Request history");
  },
};

test.beforeAll(async ({ server }) => {
  const office = await Office.open(server);
  await request(server, plainUser, await office.package({ name, group: name, days: 30 }));
});

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`sign-in, ${colorScheme}`, async ({ page }) => {
      await page.goto("/admin");
      await audit(page);
    });
    for (const [title, way] of Object.entries(adminPages)) {
      test(`${title}, ${colorScheme}`, async ({ signedIn }) => {
        const page = await signedIn(admin1);
        await way(page);
        await alive(page);
        await audit(page);
      });
    }
    for (const [title, way] of Object.entries(ownPages)) {
      test(`${title}, ${colorScheme}`, async ({ signedIn }) => {
        const page = await signedIn(plainUser);
        await way(page);
        await alive(page);
        await audit(page);
      });
    }
  });
}

test("the landmarks of both sites are as agreed", async ({ signedIn }) => {
  const admin = await signedIn(admin1);
  await within("Access packages", name)(admin);
  await expect(admin.locator("body")).toMatchAriaSnapshot({ name: "admin-package.aria.yml" });
  const own = await signedIn(plainUser);
  await own.goto("/my-access");
  await expect(own.locator("body")).toMatchAriaSnapshot({ name: "my-access.aria.yml" });
});

for (const width of [320, 375, 768]) {
  test(`nothing is wider than a window of ${width} pixels`, async ({ signedIn }) => {
    for (const [person, address] of [[admin1, "/"], [plainUser, "/my-access"]] as const) {
      const page = await signedIn(person);
      await page.setViewportSize({ width, height: 800 });
      await page.goto(address);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(excess, `${address} at ${width} px`).toBeLessThanOrEqual(0);
    }
  });
}
