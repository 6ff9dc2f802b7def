import { Text } from 'ink';
import { useState } from 'react';
import { summary } from '../commands/plan-words.ts';
import type { Plan, Step } from '../tasks/plan.ts';
import { EditList } from './edit-list.tsx';
import { Body, useSpace } from './frame.tsx';
import { type KeyHandler, moved, useKeys } from './keys.ts';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';
import { detailsOf, markOf } from './step-words.ts';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

type ReviewScene = Extract<Scene, { kind: 'review' }>;

/** What will happen, by the guide's sections; every row opens. */
export function Review({ scene }: { scene: ReviewScene }) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditList scene={scene} onLeave={() => setEditing(false)} />;
  return <PlanList scene={scene} onEdit={() => setEditing(true)} />;
}

function PlanList({ scene, onEdit }: { scene: ReviewScene; onEdit(): void }) {
  const { plan, answer } = scene;
  const steps = inOrderOfInterest(plan);
  const [cursor, setCursor] = useState(0);
  const [open, setOpen] = useState<Set<Step>>(new Set());
  const [name, setName] = useState<Field>();
  const current = steps[cursor];
  const isLive = plan.steps.some(({ action }) => action === 'change');

  const onKey: KeyHandler = (input, key) => {
    if (name) {
      if (key.escape) setName(undefined);
      else if (key.return && textOf(name) === plan.env.names.cluster) answer('apply');
      else setName(typed(name, input, key));
      return;
    }
    const next = moved(cursor, steps.length, input, key);
    if (next !== undefined) setCursor(next);
    else if (current && (key.return || key.rightArrow))
      setOpen(withToggled(open, current, key.rightArrow));
    else if (current && key.leftArrow) setOpen(withToggled(open, current, false));
    else if (input === 'e') onEdit();
    else if (input === 'a') isLive ? setName(fieldOf('')) : answer('apply');
    else if (input === 'q') answer('leave');
  };
  useKeys(onKey, (text) => name && setName(pasted(name, text)));

  const { rows, cursorRow } = useRows(plan, steps, cursor, open);
  if (name) {
    const ask = `This changes what is live. Type ${plan.env.names.cluster} to go ahead: `;
    const field = (
      <Text key="name" color="yellow">
        {ask}
        <Text color="cyan">{textOf(name)}</Text>
        <Text color="cyan">▏</Text>
      </Text>
    );
    return (
      <Body
        rows={[field, ...rows]}
        keys={[
          ['⏎', 'go ahead'],
          ['esc', 'not yet'],
        ]}
      />
    );
  }
  return (
    <Body
      rows={rows}
      cursor={cursorRow}
      keys={[
        ['a', 'apply'],
        ['^C', 'leave, nothing done'],
        ['→', 'open'],
        ['e', 'edit an answer'],
        ['↑↓', 'look'],
      ]}
    />
  );
}

/** What changes first, in the guide's order; then what stays. */
function inOrderOfInterest({ steps }: Plan): Step[] {
  return [
    ...steps.filter(({ action }) => action !== 'keep'),
    ...steps.filter(({ action }) => action === 'keep'),
  ];
}

function withToggled(open: Set<Step>, step: Step, force: boolean): Set<Step> {
  const next = new Set(open);
  if (force || !next.delete(step)) next.add(step);
  return next;
}

function useRows(plan: Plan, steps: Step[], cursor: number, open: Set<Step>) {
  const { columns } = useSpace();
  const rows = [
    <Text key="headline" bold>
      {summary(plan)}
    </Text>,
  ];
  let section = '';
  let cursorRow = 0;
  steps.forEach((step, index) => {
    const heading = step.action === 'keep' ? 'As wanted' : step.resource.section;
    if (heading !== section) {
      section = heading;
      rows.push(
        <Text key={`section ${section}`} dimColor>
          {section}
        </Text>,
      );
    }
    if (index === cursor) cursorRow = rows.length;
    rows.push(<StepRow key={step.resource.name} step={step} isCurrent={index === cursor} />);
    if (!open.has(step)) return;
    for (const line of detailsOf(step, plan.env).flatMap((text) => prose(text, columns - 8))) {
      rows.push(<Text key={`${step.resource.name} ${line}`} dimColor>{`      ${line}`}</Text>);
    }
  });
  return { rows, cursorRow };
}

function StepRow({ step, isCurrent }: { step: Step; isCurrent: boolean }) {
  const { mark, colour } = markOf(step);
  const { cost, name } = step.resource;
  return (
    <Text wrap="truncate-end">
      <Text color="cyan">{isCurrent ? '❯ ' : '  '}</Text>
      <Text color={colour}>{`${mark} `}</Text>
      {name.padEnd(34)}
      <Text dimColor>{step.live?.id ?? ''}</Text>
      {cost && step.action === 'create' && <Text color="yellow">{`$ ${cost}`}</Text>}
    </Text>
  );
}
