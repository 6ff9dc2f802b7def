import { Text } from 'ink';
import { useState } from 'react';
import type { Proposal } from '../commands/conversation.ts';
import { summary } from '../commands/plan-words.ts';
import type { Step } from '../tasks/plan.ts';
import { EditList } from './edit-list.tsx';
import { FieldLine } from './field-line.tsx';
import { Body, useSpace } from './frame.tsx';
import type { Hint } from './hints.ts';
import { type KeyHandler, moved, useKeys } from './keys.ts';
import { planLines } from './plan-lines.ts';
import { PlanRow } from './plan-row.tsx';
import { prose } from './prose.ts';
import type { Scene } from './stage.ts';
import { type Field, fieldOf, pasted, textOf, typed } from './text-field.ts';

type ReviewScene = Extract<Scene, { kind: 'review' }>;

/** What will happen, by the guide's sections; every row opens. */
export function Review({ scene }: { scene: ReviewScene }) {
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditList scene={scene} onLeave={() => setEditing(false)} />;
  return <PlanList scene={scene} onEdit={() => setEditing(true)} />;
}

function PlanList({ scene, onEdit }: { scene: ReviewScene; onEdit(): void }) {
  const { proposal, answer } = scene;
  const { plan, inShort } = proposal;
  const { columns } = useSpace();
  const [open, setOpen] = useState<Set<Step>>(new Set());
  const [cursor, setCursor] = useState(0);
  const [name, setName] = useState<Field>();
  const [mistyped, setMistyped] = useState<string>();
  const width = columns - 2;
  const lines = planLines(plan, open, width);
  // Headings are passed over.
  const stops = lines.flatMap(({ step }, index) => (step ? [index] : []));
  const current = lines[stops[cursor]!]?.step;
  // A file of the repository is nothing live: it is yet to be committed.
  const isLive = plan.steps.some(
    ({ action, resource }) => action === 'change' && resource.section !== 'App Repository',
  );
  const toggle = (step: Step, opens: boolean) => {
    if (!opens) setCursor(stops.findIndex((at) => lines[at]!.step === step));
    setOpen(new Set(opens ? [...open, step] : [...open].filter((other) => other !== step)));
  };

  const onKey: KeyHandler = (input, key) => {
    const next = moved(cursor, stops.length, input, key);
    if (name) {
      if (key.return && textOf(name) === proposal.name) return answer('apply');
      setMistyped(key.return ? textOf(name) : undefined);
      setName(key.escape ? undefined : typed(name, input, key));
    } else if (next !== undefined) setCursor(next);
    else if (current && key.return) toggle(current, !open.has(current));
    else if (current && (key.rightArrow || key.leftArrow)) toggle(current, key.rightArrow);
    else if (input === 'e' && proposal.answered.length > 0) onEdit();
    else if (input === 'a') isLive ? setName(fieldOf('')) : answer('apply');
    else if (input === 'q') answer('leave');
  };
  useKeys(onKey, (text) => name && setName(pasted(name, text)));

  return (
    <Body
      head={prose(summary(plan), width).map((line) => (
        <Text key={line} bold>
          {line}
        </Text>
      ))}
      rows={[
        ...inShort.map((line) => (
          <Text key={line} wrap="truncate-end">
            {line}
          </Text>
        )),
        ...lines.map((line, index) => (
          <PlanRow key={line.key} line={line} isCurrent={index === stops[cursor]} width={width} />
        )),
      ]}
      foot={name && confirmRows(name, mistyped, proposal, width)}
      cursor={(stops[cursor] ?? 0) + inShort.length}
      keys={name ? CONFIRMING : proposal.answered.length > 0 ? LOOKING : AGREEING}
    />
  );
}

const LOOKING: Hint[] = [
  ['a', 'apply'],
  ['^C', 'leave, nothing done', 'leave'],
  ['→', 'open'],
  ['e', 'edit an answer', 'edit'],
  ['↑↓', 'look'],
];

/** Where no answer can be given otherwise. */
const AGREEING = LOOKING.filter(([key]) => key !== 'e');

const CONFIRMING: Hint[] = [
  ['⏎', 'go ahead'],
  ['esc', 'not yet'],
];

function confirmRows(
  field: Field,
  mistyped: string | undefined,
  { name }: Proposal,
  width: number,
) {
  const sentence = `This changes what is live. Type ${name} to go ahead:`;
  const trouble = mistyped ? `“${mistyped}” is not ${name}` : `It takes the word ${name}`;
  return [
    ...prose(sentence, width).map((line) => (
      <Text key={line} color="yellow">
        {line}
      </Text>
    )),
    <FieldLine key="name" field={field} />,
    ...(mistyped === undefined ? [] : prose(`${trouble}: nothing was done yet.`, width)).map(
      (line) => (
        <Text key={line} color="red">
          {line}
        </Text>
      ),
    ),
  ];
}
