import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { assertNever } from '../../assert-never.ts';
import { InputProblem } from '../../runs/files/problem.ts';
import { inSentence, RunProblem, type RunProblemKind } from '../../runs/manager/manager.ts';
import type { Problem } from '../schemas.ts';

/** Answers with a problem, as RFC 9457 has it. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail };
  // Bytes, so that no response schema of the route is applied.
  return reply
    .code(status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** Turns whatever a route throws into a problem that a person can act on. */
export function registerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | RunProblem | InputProblem, request, reply) => {
    if (error instanceof InputProblem) return sendProblem(reply, 400, inSentence(error.message));
    if (error instanceof RunProblem) return sendProblem(reply, statusOf(error.kind), error.message);
    if (hasZodFastifySchemaValidationErrors(error)) {
      const issues = error.validation.map(({ instancePath, message }) => {
        const path = instancePath.replace(/^\//, '').replaceAll('/', '.');
        return path === '' ? message : `${path}: ${message}`;
      });
      return sendProblem(reply, 400, `${issues.join('; ')}.`);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return sendProblem(reply, status, adviceFor(error));
    if (status === 503) return sendProblem(reply, 503, 'The server is too busy to answer. Try again in some seconds.');
    request.log.error({ err: error }, 'a request failed');
    return sendProblem(
      reply,
      500,
      `The server failed, which is not your fault. Its log says more, under request ${request.id}.`,
    );
  });
}

function statusOf(kind: RunProblemKind): number {
  switch (kind) {
    case 'not-found':
      return 404;
    case 'invalid':
      return 400;
    case 'conflict':
      return 409;
    case 'busy':
      return 503;
    default:
      return assertNever(kind);
  }
}

function adviceFor(error: FastifyError): string {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return 'The request is larger than 64 kB, or than 1.5 MB where a recording comes along.';
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return 'Send JSON, with the header "content-type: application/json".';
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return `The body is not JSON: ${error.message}`;
    default:
      return error.message;
  }
}
