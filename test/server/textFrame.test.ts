import { describe, expect, it } from 'vitest';
import { Receiver } from 'ws';
import { textFrameBytes, writeTextFrame } from '../../src/server/textFrame.ts';

describe('text frames', () => {
  it('are read by ws as they were written, one after another, at every length of header', async () => {
    const head = Buffer.from('{"payload":');
    const payloads = [0, 1, 113, 114, 65_523, 65_524, 200_000].map((length) => Buffer.alloc(length, 'é'));
    const bytes = payloads.reduce((sum, payload) => sum + textFrameBytes(head, payload), 0);
    const chunk = Buffer.alloc(bytes);
    let end = 0;
    for (const payload of payloads) end = writeTextFrame(chunk, end, head, payload);
    expect(end).toBe(bytes);
    const received: Buffer[] = [];
    const receiver = new Receiver({ skipUTF8Validation: true });
    receiver.on('message', (data: Buffer) => received.push(data));
    await new Promise<void>((written) => receiver.end(chunk, () => written()));
    expect(received).toEqual(payloads.map((payload) => Buffer.concat([head, payload, Buffer.from('}')])));
  });
});
