// Small things that nobody asks for and everybody misses: a form is sent once, a refusal comes into sight, the keyboard is never out of
// sight, and a clock that is wrong changes nothing.
import type { Locator, Page } from "@playwright/test";
import { Office, request, settled } from "../fixtures/actions";
import { alive, expect, field, row, test } from "../fixtures/base";
import { admin1, colleagues, initialPassword, plainUser } from "../fixtures/people";
import { Server } from "../fixtures/server";

test.use({ contextOptions: { reducedMotion: "reduce" } });

/** Counts the forms that are sent to an address. The answer leaves the page as it is, as a slow one does. */
async function counted(page: Page, address: string): Promise<() => number> {
  let sent = 0;
  await page.route(`**${address}*`, (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    sent++;
    return route.fulfill({ status: 204 });
  });
  return () => sent;
}

test.describe("a form outside the bundles is sent once", () => {
  /** Presses a button twice, the second time with the form on its way; a press ends when what it sent has been answered. */
  async function pressTwice(page: Page, button: string, address: string): Promise<void> {
    const sent = await counted(page, address);
    await page.getByRole("button", { name: button }).click();
    await expect.poll(sent).toBe(1);
    await page.getByRole("button", { name: button }).click();
    expect(sent()).toBe(1);
  }

  test("Sign in, and again when its answer never came", async ({ page }) => {
    await page.clock.install();
    await page.goto("/sign-in");
    await page.getByLabel("User name").fill(plainUser.userName);
    await field(page, "Password").fill(plainUser.password);
    await pressTwice(page, "Sign in", "/sign-in");
    await page.clock.fastForward(11_000);
    await page.unrouteAll();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Access packages" })).toBeVisible();
  });

  test("Change password", async ({ signedIn }) => {
    const page = await signedIn(plainUser);
    await page.goto("/password");
    await page.getByLabel("Current password").fill(plainUser.password);
    await field(page, "New password").fill("quiet-harbour-lantern-41");
    await page.getByLabel("New password again").fill("quiet-harbour-lantern-41");
    await pressTwice(page, "Change password", "/password");
  });

  test("Create administrator", async ({ page, database }) => {
    const first = await Server.start(database, null);
    try {
      const link = /\/set-up\?\S+/.exec(first.tail())?.[0] ?? "";
      const response = await page.request.get(first.url + link);
      // The page of the empty server, at the address of the other: scripts and styles are the same on both.
      await page.route("**/set-up?*", (route) => route.fulfill({ response }));
      await page.goto(link);
      await field(page, "Name").fill("Admin of all");
      await page.getByLabel("User name").fill("admin-of-all");
      await field(page, "Password").fill("quiet-harbour-lantern-41");
      await page.getByLabel("Password again").fill("quiet-harbour-lantern-41");
      await pressTwice(page, "Create administrator", "/set-up");
    } finally {
      await first.stop();
    }
  });
});

test.describe("a long form that is refused", () => {
  test.use({ expectedErrors: [/status of 401/] });

  for (const [width, height] of [[1024, 480], [375, 600]]) {
    test(`shows what is wrong with the whole where one looks, at ${width} by ${height}`, async ({ signedIn }) => {
      const page = await signedIn(admin1);
      await page.setViewportSize({ width, height });
      await page.goto("/admin/users/new");
      await alive(page);
      await field(page, "Name").fill("Late Comer");
      await page.getByLabel("User name").fill("late.comer");
      await page.getByLabel("Initial password").fill(initialPassword);
      await page.getByLabel("Office").fill("Third floor");
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await expect(field(page, "Name")).not.toBeInViewport();
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Create" }).click();
      const told = page.getByText("Your session is over");
      await expect(told).toBeInViewport({ ratio: 1 });
      await expect.poll(() => covered(told), "lies under something").toBe(false);
      await expect(page.getByRole("link", { name: "Sign in in a new tab" })).toBeInViewport({ ratio: 1 });
      await expect(field(page, "Name")).toHaveValue("Late Comer");
      await expect(page.getByLabel("Office")).toHaveValue("Third floor");
    });
  }
});

/** Whether something else lies over the middle of it. */
const covered = (thing: Locator) =>
  thing.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return !(top && (element.contains(top) || top.contains(element)));
  });

/** Where the focus is: in the foot, in the form and seen, or under the foot. */
const whereFocusIs = (page: Page) =>
  page.evaluate(() => {
    const foot = document.querySelector(".wizard-foot");
    const focused = document.activeElement;
    if (!foot || !focused || !focused.closest("main")) return "elsewhere";
    if (foot.contains(focused)) return "in the foot";
    const [box, edge] = [focused.getBoundingClientRect(), foot.getBoundingClientRect()];
    const under = Math.min(box.bottom, edge.bottom) - Math.max(box.top, edge.top) > 1;
    return under ? `under the foot: ${focused.tagName} ${focused.id}` : "seen";
  });

test.describe("the keyboard is never under the foot of the wizard", () => {
  let id = "";
  test.beforeAll(async ({ server }) => {
    const office = await Office.open(server);
    const groups: string[] = [];
    for (let at = 1; at <= 6; at++) groups.push(await office.group(`Quay ${at}`));
    const draft = await office.draft((catalog) => ({
      basics: { name: "Quays", description: "All of them", catalog },
      roles: groups.map((object) => ({ object, role: null })),
      requests: {
        audience: "in_directory",
        scope: "specific",
        subjects: groups.map((group) => ({ kind: "group", id: group })),
        approval: false,
        enabled: true,
      },
    }));
    id = draft.id;
  });

  for (const step of ["basics", "resource-roles", "requests", "lifecycle"]) {
    for (const [width, height] of [[1024, 420], [375, 560]]) {
      test(`on ${step} at ${width} by ${height}`, async ({ signedIn }) => {
        const page = await signedIn(admin1);
        await page.setViewportSize({ width, height });
        await page.goto(`/admin/packages/new/${id}/${step}`);
        await alive(page);
        expect(await page.evaluate(() => document.documentElement.scrollHeight > innerHeight), "long enough to scroll").toBe(true);
        await page.locator("main").focus();
        const ways: string[] = [];
        for (let presses = 0; presses < 60 && ways.at(-1) !== "in the foot"; presses++) {
          await page.keyboard.press("Tab");
          ways.push(await whereFocusIs(page));
        }
        expect(ways.at(-1)).toBe("in the foot");
        for (let presses = 0; presses < 60 && ways.at(-1) !== "elsewhere"; presses++) {
          await page.keyboard.press("Shift+Tab");
          ways.push(await whereFocusIs(page));
        }
        expect(ways.filter((where) => where === "seen").length).toBeGreaterThan(5);
        expect(ways.filter((where) => where.startsWith("under"))).toEqual([]);
      });
    }
  }
});

test.describe("a clock that is wrong", () => {
  const hour = 3_600_000;
  for (const [what, off] of [["an hour ahead", hour], ["an hour behind", -hour]] as const) {
    test(`F033 a request's timeline is the same where the browser's clock is ${what}`, async ({ signedIn, server }) => {
      const office = await Office.open(server);
      const name = `Tide table ${what}`;
      // Half an hour from now: past for one clock, to come for the other.
      const made = await request(server, plainUser, await office.package({ name, group: "Tides", until: new Date(Date.now() + hour / 2) }));
      await settled(server);
      const steps = (page: Page) => page.getByRole("list", { name: "How far it has come" }).getByRole("listitem").locator("p:first-child");
      const right = await signedIn(plainUser);
      await right.goto(`/my-access/requests/${made}`);
      await alive(right);
      await expect(steps(right)).toHaveText(["Submitted", "Delivering", "Delivered", /^Until /]);
      const told = await steps(right).allTextContents();

      const wrong = await signedIn(plainUser);
      await wrong.clock.install({ time: Date.now() + off });
      await wrong.goto(`/my-access/requests/${made}`);
      await alive(wrong);
      expect(await wrong.evaluate(() => Date.now()) - Date.now(), "the clock is wrong").not.toBeCloseTo(0, -5);
      await expect(steps(wrong)).toHaveText(told);
      await wrong.getByRole("dialog").getByRole("link", { name: "Close" }).first().click();
      await row(wrong, name).getByRole("link").first().click();
      await expect(steps(wrong).first()).toHaveText("Submitted");
      await expect(steps(wrong)).toHaveCount(4);
    });
  }
});

test.describe("two windows", () => {
  test("F022 Create in both makes one package, and both open it", async ({ signedIn, server }) => {
    const { id } = await (await Office.open(server)).draft((catalog) => ({
      basics: { name: "Pressed in both", description: "Once", catalog },
      requests: { audience: "none", scope: null, subjects: [], approval: false, enabled: true },
      lifecycle: { kind: "never", date: "", days: "", hours: "" },
      visited: ["basics", "resource-roles", "requests", "lifecycle"],
    }));
    const windows = [await signedIn(admin1), await signedIn(admin1)];
    for (const page of windows) {
      await page.goto(`/admin/packages/new/${id}/review`);
      await alive(page);
    }
    for (const page of windows) {
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: "Pressed in both" })).toBeVisible();
    }
    await windows[0].goto("/admin/packages?q=Pressed");
    await expect(row(windows[0], "Pressed in both")).toHaveCount(1);
  });

  test("a temporary password is shown once", async ({ signedIn, server }) => {
    const user = await (await Office.open(server)).user(colleagues[0]);
    const page = await signedIn(admin1);
    await page.goto(`/admin/users/${user}`);
    await alive(page);
    await page.getByRole("button", { name: "Reset password" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Yes", exact: true }).click();
    const shown = page.getByRole("textbox", { name: "Temporary password" });
    await expect(shown).toHaveValue(/\S{8,}/);
    const password = await shown.inputValue();
    await page.getByRole("button", { name: "Done" }).click();
    await expect(shown).toBeHidden();
    for (const way of [() => page.reload(), () => page.goto(`/admin/users/${user}/edit`), () => page.goBack()]) {
      await way();
      expect(await page.content()).not.toContain(password);
    }
  });
});
