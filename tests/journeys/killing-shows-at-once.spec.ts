import { expect, test } from '@playwright/test';
import { Studio } from './pages/studio';

test('killing a process changes the picture of its task within 200 ms', async ({ page }) => {
  const studio = await Studio.open(page, 'learn/01-what-ecs-is-for/');
  await studio.run('aws ecs create-cluster --cluster-name shop');
  await studio.run(
    "aws ecs run-task --cluster shop --task-definition web:1 --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a],securityGroups=[sg-default]}'",
  );
  await studio.run('drydock wait 60s');
  await expect(studio.thing(/^Task web:1 .*RUNNING/)).toBeVisible();
  await studio.run("TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)");
  await studio.command.fill('drydock kill --task $TASK --container web');

  const changed = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const picture = () =>
          [...document.querySelectorAll('[role=button]')]
            .map((thing) => thing.getAttribute('aria-label') ?? '')
            .find((name) => name.startsWith('Task web:1 '));
        const before = picture();
        let begun = 0;
        addEventListener('keydown', (event) => event.key === 'Enter' && (begun = performance.now()), {
          capture: true,
          once: true,
        });
        const look = () => {
          if (begun > 0 && picture() !== before) resolve(performance.now() - begun);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await studio.command.press('Enter');
  expect(await changed).toBeLessThan(200);
});
