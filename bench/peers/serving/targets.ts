import {bare} from './bare.ts';
import {fastapi} from './fastapi.ts';
import {millrace, millraceFeatures, millraceInvocations, millraceV2} from './millrace.ts';
import {mlflow} from './mlflow.ts';
import {mlserverLightGbm, mlserverOnnx} from './mlserver.ts';
import type {ServingTarget} from './target.ts';

/** In the order of the tables. */
export const TARGETS: readonly ServingTarget[] = [
  bare,
  millraceV2,
  millrace,
  millraceFeatures,
  millraceInvocations,
  fastapi,
  mlserverOnnx,
  mlserverLightGbm,
  mlflow,
];
