import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Locator, type Page } from '@playwright/test';
import { open } from './site';

const content = join(dirname(fileURLToPath(import.meta.url)), '../../../lessons/content');

/** The Studio of a lesson or of the sandbox, by what it is called and not by how it is built. */
export class Studio {
  readonly command: Locator;
  readonly screen: Locator;
  readonly clock: Locator;
  readonly map: Locator;
  readonly moment: Locator;

  constructor(readonly page: Page) {
    this.command = page.getByRole('textbox', { name: 'Command' });
    this.screen = page.getByRole('log', { name: 'Terminal' });
    this.clock = page.getByLabel('Sandbox time');
    this.map = page.getByRole('group', { name: /Arrow keys move between things/ });
    this.moment = page.getByRole('slider', { name: 'Moment of the run' });
  }

  static async open(page: Page, route: string): Promise<Studio> {
    await open(page, route);
    const studio = new Studio(page);
    await expect(studio.command).toBeVisible();
    return studio;
  }

  /** Types a command as a learner does, and waits until the terminal takes the next one. */
  async run(command: string): Promise<void> {
    await this.command.fill(command);
    await this.command.press('Enter');
    await expect(this.command).toHaveValue('');
    await expect(this.stop).toBeHidden({ timeout: 30_000 });
  }

  /** The key that stops a command that waits. */
  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop (Ctrl C)' });
  }

  /** A thing on the map whose sentence begins so. */
  thing(sentence: RegExp): Locator {
    return this.page.getByRole('button', { name: sentence });
  }
}

/** The commands of a lesson's solution, one text each, documents whole. */
export function solution(lesson: string): string[] {
  const lines = readFileSync(join(content, lesson, 'solution.script'), 'utf8').split('\n').slice(1);
  const commands: string[] = [];
  let end: string | undefined;
  for (const line of lines) {
    if (end !== undefined) {
      commands[commands.length - 1] += `\n${line}`;
      if (line.trim() === end) end = undefined;
      continue;
    }
    const command = line.replace(/^\+\S+\s+/, '').trim();
    if (command === '' || command.startsWith('#')) continue;
    end = /<<'?(\w+)'?\s*$/.exec(command)?.[1];
    commands.push(command);
  }
  return commands;
}
