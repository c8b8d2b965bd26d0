import {bare} from './bare.ts';
import {fastapi} from './fastapi.ts';
import {millrace} from './millrace.ts';
import {mlflow} from './mlflow.ts';
import {mlserverLightGbm, mlserverOnnx} from './mlserver.ts';
import type {ServingTarget} from './target.ts';

/** The first is what the others are compared with. */
export const TARGETS: readonly ServingTarget[] = [bare, millrace, fastapi, mlserverOnnx, mlserverLightGbm, mlflow];
