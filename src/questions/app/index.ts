import { UserError } from '../../errors.ts';
import { CERTIFICATE_ARN } from '../cluster/together.ts';
import type { AnyQuestion, QuestionSet } from '../question.ts';
import { deliveryQuestions } from './delivery.ts';
import { monitoringQuestions } from './monitoring.ts';
import { nameQuestions } from './names.ts';
import type { Answers } from './question.ts';
import { trafficQuestions } from './traffic.ts';

/** What is asked once it is known which app is meant. */
export const laterQuestions: AnyQuestion[] = [
  ...trafficQuestions,
  ...monitoringQuestions,
  ...deliveryQuestions,
];

/** All that `add-app` asks. */
export const appQuestions: QuestionSet = {
  questions: [...nameQuestions, ...laterQuestions],
  checkTogether,
};

function checkTogether(answers: Answers, region?: string): void {
  const elsewhere = CERTIFICATE_ARN.exec(answers.certificate ?? '')?.[1];
  if (region && elsewhere && elsewhere !== region) {
    throw new UserError(
      `The certificate is in ${elsewhere} and the cluster in ${region}: a load balancer takes certificates of its own Region alone.`,
      'Say --set certificate=request to have one made there.',
    );
  }
}
