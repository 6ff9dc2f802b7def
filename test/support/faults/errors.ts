import type { Protocol } from './identify.ts';

export interface AwsError {
  /** HTTP status. */
  status: number;
  code: string;
  message: string;
}

export interface WireError {
  headers: Record<string, string>;
  body: Buffer;
}

/** The error as a service of that protocol puts it on the wire. */
export function wireError(protocol: Protocol, error: AwsError): WireError {
  const requestId = '00000000-fa17-4000-8000-000000000000';
  const code = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
  const headers = { 'x-amzn-requestid': requestId };
  switch (protocol) {
    case 'json':
      return {
        headers: { ...headers, 'content-type': 'application/x-amz-json-1.1' },
        body: Buffer.from(JSON.stringify({ __type: error.code, message: error.message })),
      };
    case 'cbor':
      return {
        headers: {
          ...headers,
          'content-type': 'application/cbor',
          'smithy-protocol': 'rpc-v2-cbor',
        },
        body: cborMap({ __type: error.code, message: error.message }),
      };
    case 'ec2':
      return xml(
        headers,
        `<Response><Errors><Error>${code}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      );
    case 's3':
      return xml(headers, `<Error>${code}<RequestId>${requestId}</RequestId></Error>`);
    default:
      return xml(
        headers,
        `<ErrorResponse><Error><Type>Sender</Type>${code}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
  }
}

function xml(headers: Record<string, string>, text: string): WireError {
  return { headers: { ...headers, 'content-type': 'text/xml' }, body: Buffer.from(text) };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Just enough CBOR (RFC 8949) for a map of fewer than 24 strings. */
function cborMap(values: Record<string, string>): Buffer {
  const entries = Object.entries(values).flat();
  return Buffer.concat([Buffer.from([0xa0 | (entries.length / 2)]), ...entries.map(cborString)]);
}

function cborString(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([0x79, bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
