import { expect, test, type Page } from '@playwright/test';
import { Studio } from '../pages/studio';
import { host } from './host';

const network =
  "--launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pri-b,subnet-pri-c],securityGroups=[sg-default]}'";

/** A line of the table that docs/performance.md holds. */
function figure(name: string, ...values: string[]): void {
  console.log(`| ${name} | ${values.join(' | ')} |`);
}

/** What the main thread did for a while. */
interface Watched {
  /** Tasks of 50 ms and more, in ms, as a person feels them; on a busy machine others' work is in them. */
  blocked: number[];
  /** The longest task by what it cost the processor, in ms. */
  cost: number;
  /** From one frame to the next, in ms. */
  frames: number[];
}

/** Watches the main thread while time passes on the wall. */
async function watchMainThread(page: Page, milliseconds: number): Promise<Watched> {
  await page.evaluate(() => {
    const seen = { blocked: [] as number[], frames: [] as number[], on: true };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.blocked.push(entry.duration))).observe({
      type: 'longtask',
    });
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      seen.frames.push(now - last);
      last = now;
      if (seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const session = await page.context().newCDPSession(page);
  const costs: number[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as { name: string; tdur?: number; args: object }[]) {
      if (event.name.endsWith('RunTask') && event.tdur !== undefined) costs.push(event.tdur / 1_000);
    }
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline'], excludedCategories: ['*'] },
  });
  await page.waitForTimeout(milliseconds);
  const over = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await over;
  await session.detach();
  const seen = await page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { blocked: number[]; frames: number[]; on: boolean } };
    seen.on = false;
    return seen;
  });
  return { ...seen, cost: Math.max(0, ...costs) };
}

function words({ blocked, cost, frames }: Watched): string {
  const sorted = [...frames].sort((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  const over = blocked.length === 0 ? 'none over 50 ms' : `${blocked.length} over 50 ms, longest ${Math.round(Math.max(...blocked))} ms`;
  return `${over}; processor ${Math.round(cost)} ms at most; frames ${at(0.5)} ms, one in twenty ${at(0.95)} ms`;
}

/** Starts services of so many tasks, on Fargate or on machines that hold eight each. */
async function servicesOf(studio: Studio, tasks: number, machines: boolean): Promise<void> {
  await studio.run('aws ecs create-cluster --cluster-name shop');
  const fargate = '--requires-compatibilities FARGATE --network-mode awsvpc --execution-role-arn arn:aws:iam::111122223333:role/ecsTaskExecutionRole';
  await studio.run(
    `aws ecs register-task-definition --family web ${machines ? '' : fargate} --cpu 256 --memory 512 ` +
      '--container-definitions name=web,image=shop/web:1,essential=true',
  );
  if (machines) {
    const userData = "'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'";
    // One request launches a hundred at most.
    for (let left = Math.ceil(tasks / 8), zone = 0; left > 0; left -= 100, zone += 1) {
      await studio.run(
        `aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --count ${Math.min(left, 100)} ` +
          `--subnet-id subnet-pri-${'abc'[zone % 3]} --iam-instance-profile Name=ecsInstanceRole --user-data ${userData} --query 'length(Instances)'`,
      );
    }
    await studio.run('drydock wait 3m');
  }
  for (let begun = 0; begun < tasks; begun += 5_000) {
    await studio.run(
      `aws ecs create-service --cluster shop --service-name web-${begun} --task-definition web:1 ` +
        `--desired-count ${Math.min(5_000, tasks - begun)} ${machines ? '--launch-type EC2' : network} --query service.serviceName`,
    );
    await expect(studio.screen).toContainText(`"web-${begun}"`);
  }
}

for (const machines of [false, true]) {
  for (const tasks of machines ? [300, 1_000, 10_000] : [20, 200, 300, 1_000, 10_000]) {
    const where = machines ? 'on machines' : 'on Fargate';
    test(`${tasks} tasks ${where} start, then stand, at 60x`, async ({ page }) => {
      const studio = await Studio.open(page, 'sandbox/');
      await servicesOf(studio, tasks, machines);
      await page.getByRole('combobox', { name: 'Speed' }).selectOption('60');
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      const starting = await watchMainThread(page, 8_000);
      const steady = await watchMainThread(page, 4_000);
      const nodes = await studio.map.evaluate((map) => map.querySelectorAll('*').length);
      expect(nodes, 'the map draws together what is many').toBeLessThan(6_000);
      await studio.run('drydock wait 10m');
      const counts = `aws ecs describe-services --cluster shop --services ${tasks > 5_000 ? 'web-0 web-5000' : 'web-0'} --query 'sum(services[].runningCount)'`;
      await studio.run(counts);
      await expect(studio.screen).toContainText(String(tasks));
      figure(`${tasks} tasks ${where} at 60x`, `starting: ${words(starting)}`, `steady: ${words(steady)}`, `${nodes} nodes`);
    });
  }
}

test('a kill among 200 tasks, and a scrub', async ({ page }) => {
  const studio = await Studio.open(page, 'sandbox/');
  await servicesOf(studio, 200, false);
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
