import { expect, test, type Page } from '@playwright/test';
import { Studio } from '../pages/studio';
import { host } from './host';

const network =
  "--launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pri-b,subnet-pri-c],securityGroups=[sg-default]}'";

/** A line of the table that docs/performance.md holds. */
function figure(name: string, ...values: string[]): void {
  console.log(`| ${name} | ${values.join(' | ')} |`);
}

/** Counts the tasks of the main thread that block it for 50 ms and more, from now on. */
async function watchMainThread(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(globalThis, { longTasks: seen });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.push(entry.duration))).observe({
      type: 'longtask',
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
}

function longest(tasks: number[]): string {
  return tasks.length === 0 ? 'none over 50 ms' : `${tasks.length} over 50 ms, longest ${Math.round(Math.max(...tasks))} ms`;
}

async function serviceOf(studio: Studio, tasks: number): Promise<void> {
  await studio.run('aws ecs create-cluster --cluster-name shop');
  await studio.run(
    'aws ecs register-task-definition --family web --requires-compatibilities FARGATE --network-mode awsvpc ' +
      '--cpu 256 --memory 512 --container-definitions name=web,image=shop/web:1,essential=true ' +
      '--execution-role-arn arn:aws:iam::111122223333:role/ecsTaskExecutionRole',
  );
  await studio.run('aws ecs create-service --cluster shop --service-name web --task-definition web:1 ' +
    `--desired-count ${tasks} ${network}`);
  await expect(studio.screen).toContainText('"serviceName": "web"');
}

for (const tasks of [20, 200, 1_000]) {
  test(`${tasks} tasks start, then stand, at 60x`, async ({ page }) => {
    const studio = await Studio.open(page, 'sandbox/');
    await serviceOf(studio, tasks);
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('60');
    const blocked = await watchMainThread(page);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForTimeout(8_000);
    const starting = await blocked();
    await page.waitForTimeout(4_000);
    const steady = (await blocked()).slice(starting.length);
    await studio.run("aws ecs describe-services --cluster shop --services web --query 'services[0].runningCount'");
    await expect(studio.screen).toContainText(String(tasks));
    figure(`${tasks} tasks at 60x`, `starting: ${longest(starting)}`, `steady: ${longest(steady)}`);
  });
}

test('a kill among 200 tasks, and a scrub', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await serviceOf(studio, 200);
  await studio.run('drydock wait 10m');
  await studio.run("TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)");
  await studio.command.fill('drydock kill --task $TASK --container web');
  const killed = await untilPainted(page, () => studio.command.press('Enter'));
  const scrubbed = await untilPainted(page, () => studio.moment.press('Home'));
  figure('Input to picture, 200 tasks', `kill: ${killed} ms`, `scrub to the start: ${scrubbed} ms`);
});

/** Milliseconds from the next key to the frame after it. */
async function untilPainted(page: Page, act: () => Promise<void>): Promise<number> {
  const painted = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        addEventListener(
          'keydown',
          () => {
            const begun = performance.now();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
          },
          { capture: true, once: true },
        );
      }),
  );
  await act();
  return Math.round(await painted);
}

// The profiles that page audits use: slow 4G with a processor four times slower, and a good line.
for (const [line, kilobits, latency] of [
  ['slow 4G', 1_600, 150],
  ['10 Mbit/s', 10_000, 40],
] as const) {
  test(`a lesson on a phone with ${line}`, async ({ page }) => {
    const site = await host();
    const lesson = `${site.address}learn/01-what-ecs-is-for/`;
    // The host packs each file at its first request; that is not the phone's time.
    await page.goto(lesson);
    await page.locator('#reader').waitFor({ state: 'hidden' });
    const phone = await page.context().newCDPSession(page);
    await phone.send('Network.enable');
    await phone.send('Network.setCacheDisabled', { cacheDisabled: true });
    await phone.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: (kilobits * 1_000) / 8,
      uploadThroughput: (kilobits * 500) / 8,
    });
    await phone.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.setViewportSize({ width: 390, height: 844 });
    const begun = Date.now();
    await page.goto(lesson, { waitUntil: 'commit' });
    await page.locator('#reader h1').first().waitFor();
    const readable = Date.now() - begun;
    await page.locator('#reader').waitFor({ state: 'hidden', timeout: 60_000 });
    figure(`Lesson 1, cold, phone, ${line}`, `text after ${readable} ms`, `works after ${Date.now() - begun} ms`);
    site.close();
  });
}
