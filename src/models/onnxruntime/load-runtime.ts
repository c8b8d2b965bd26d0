import {MillraceError} from '../../protocol/index.ts';

/** ONNX Runtime, loaded when first needed. Throws PACKAGE_MISSING. */
export async function loadRuntime(): Promise<typeof import('onnxruntime-node')> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    throw new MillraceError('PACKAGE_MISSING', 'Running an ONNX model needs the package onnxruntime-node.', {
      cause,
      fix: 'Run: npm install onnxruntime-node --ignore-scripts',
    });
  }
}
