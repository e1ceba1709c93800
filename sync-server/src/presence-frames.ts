// Awareness frames of a bounded size, however many people there are (R18).
import { presenceFrame } from './frames.ts';

/** Half a megabyte: one state may be added to a group that is almost full, and a frame stays below its limit. */
const GROUP_BYTES = 512 * 1024;

/** Frames that tell these states, each encoded by `presencePart`; none when there are none. */
export function presenceFrames(parts: Iterable<Uint8Array>): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    group.push(part);
    bytes += part.byteLength;
    if (bytes < GROUP_BYTES) continue;
    frames.push(presenceFrame(group));
    group = [];
    bytes = 0;
  }
  if (group.length > 0) frames.push(presenceFrame(group));
  return frames;
}
