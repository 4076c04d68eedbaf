import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('a thousand tasks are drawn together, and their machines are found by keys and by pointing', async ({ page }) => {
  test.setTimeout(120_000);
  const studio = await Studio.open(page, 'sandbox/');
  await page.getByRole('button', { name: /An empty Region/ }).click();
  await studio.run('aws ecs create-cluster --cluster-name shop');
  await studio.run(
    'aws ecs register-task-definition --family web --cpu 256 --memory 512 --container-definitions name=web,image=shop/web:1,essential=true',
  );
  for (const zone of ['a', 'b', 'c']) {
    await studio.run(
      `aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --count 45 --subnet-id subnet-pri-${zone} ` +
        "--iam-instance-profile Name=ecsInstanceRole --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config' --query 'length(Instances)'",
    );
  }
  await studio.run('drydock wait 3m');
  await studio.run(
    'aws ecs create-service --cluster shop --service-name web --task-definition web:1 --desired-count 1000 --launch-type EC2 --query service.status',
  );
  await studio.run('drydock wait 3m');
  await expect(studio.map).toHaveAccessibleName(/135 instances, 1000 tasks/);
  expect(await studio.map.evaluate((map) => map.querySelectorAll('*').length)).toBeLessThan(600);

  const first = studio.thing(/^Instance A1, /);
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(studio.thing(/^Instance A2, /)).toBeFocused();
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toContainText('m5.large i-');
  await expect(studio.thing(/^Instance A2, /)).toHaveAttribute('aria-pressed', 'true');

  const sign = (await studio.map.getByText('B3', { exact: true }).boundingBox())!;
  await page.mouse.click(sign.x + 12, sign.y + 24);
  await expect(studio.thing(/^Instance B3, .*: [78] loads/)).toHaveAttribute('aria-pressed', 'true');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((violation) => violation.id)).toEqual([]);
});
