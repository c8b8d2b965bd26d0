/** The console's reads, cached until the server says that something changed. */
import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import {type CallOptions, createClient, type MillraceClient} from 'millrace/client';
import type {
  Alert,
  AlertPrecision,
  ApiKeyList,
  AuditPage,
  ConsistencyRun,
  DefinitionRecord,
  Delivery,
  Distributions,
  FeatureDetail,
  FeatureRows,
  Features,
  Incident,
  IncidentDetail,
  JsonValue,
  Lineage,
  ModelDetail,
  ModelVersion,
  Overview,
  PredictionRecord,
  QuarantinePage,
  Retrain,
  Review,
  RunSummary,
  ServingStatus,
  Silence,
  SloStatus,
  StreamDetail,
  WhyAnswer,
  Windows,
} from 'millrace/protocol';
import {useParam} from '../frame/url-state.ts';
import {noteRefusal, sessionKey} from './session.ts';

export const client: MillraceClient = createClient({key: sessionKey});

export const queries = new QueryClient({
  queryCache: new QueryCache({onError: noteRefusal}),
  mutationCache: new MutationCache({onError: noteRefusal}),
  defaultOptions: {
    // The server may well run on a machine without a network: what the browser thinks of being online does not count.
    queries: {staleTime: Number.POSITIVE_INFINITY, retry: false, refetchOnWindowFocus: false, networkMode: 'always'},
    mutations: {networkMode: 'always'},
  },
});

function useRead<T>(
  key: readonly unknown[],
  read: (call: CallOptions) => Promise<T>,
  enabled = true,
): UseQueryResult<T, Error> {
  return useQuery({queryKey: key, queryFn: ({signal}) => read({signal}), enabled});
}

export const useOverview = () => useRead<Overview>(['overview'], call => client.overview(call));
export const useVersions = () => useRead<readonly ModelVersion[]>(['versions'], call => client.models(call));
export const useAlerts = () => useRead<readonly Alert[]>(['alerts'], call => client.alerts(call));
/** Of all models, newest first. */
export const useIncidents = () => useRead<readonly Incident[]>(['incidents'], call => client.incidents({}, call));
export const useIncident = (id: string) => useRead<IncidentDetail>(['incident', id], call => client.incident(id, call));
export const useSilences = () => useRead<readonly Silence[]>(['silences'], call => client.silences(call));
export const useAlertPrecision = () =>
  useRead<readonly AlertPrecision[]>(['alert-precision'], call => client.alertPrecision(call));
export const useSlos = () => useRead<readonly SloStatus[]>(['slos'], call => client.slos(call));
export type ChannelName = {readonly name: string; readonly kind: string};
export const useChannels = () => useRead<readonly ChannelName[]>(['channels'], call => client.channels(call));
export const useDeliveries = () =>
  useRead<readonly Delivery[]>(['deliveries'], call => client.deliveries({limit: 200}, call));
export const useConsistency = (model: string | null) =>
  useRead<readonly ConsistencyRun[]>(
    ['consistency', model],
    call => client.consistency(model ?? '', call),
    model !== null,
  );
export const useRetrains = () => useRead<readonly Retrain[]>(['retrains'], call => client.retrains(call));
export const useFeatures = () => useRead<Features>(['features'], call => client.features({}, call));
/** What a search finds; while it looks for other words, what it found before. */
export const useFoundFeatures = (q: string): UseQueryResult<Features, Error> =>
  useQuery({
    queryKey: ['features', q],
    queryFn: ({signal}) => client.features({q}, {signal}),
    placeholderData: keepPreviousData,
  });
export const useFeature = (name: string) =>
  useRead<FeatureDetail>(['feature', name], call => client.feature(name, call));

/** Asks for one feature of one entity. `at` as it was typed; null: now. */
export type ValueQuestion = {
  readonly set: string;
  readonly feature: string;
  readonly entity: {readonly [field: string]: JsonValue};
  readonly at: string | null;
};
/** `read` is from the live state, and null for a time of the past; `why` is from the log, as of the same moment. */
export type ValueAnswer = {readonly read: FeatureRows | null; readonly why: WhyAnswer};

/** The most events that the server lists. */
const EVENTS = 1_000;

export const useValue = (question: ValueQuestion | null) =>
  useRead<ValueAnswer>(
    ['value', question],
    async call => {
      if (question === null) throw new TypeError('Nothing was asked.');
      const {set, feature, entity, at} = question;
      const ask = (moment: string | number) => client.why(set, {feature, entity, at: moment, limit: EVENTS}, call);
      if (at !== null) return {read: null, why: await ask(at)};
      const read = await client.readFeatures(set, {entities: [entity], features: [feature], freshness: true}, call);
      return {read, why: await ask(read.at)};
    },
    question !== null,
  );
export const useLineage = (feature: string) =>
  useRead<Lineage>(['lineage', feature], call => client.lineage(feature, call));
export const useDefinitions = () =>
  useRead<readonly DefinitionRecord[]>(['definitions'], call => client.definitions(call));
export const useStreams = () => useRead<readonly StreamDetail[]>(['streams'], call => client.streams(call));
export const useQuarantine = (stream: string) =>
  useRead<QuarantinePage>(['quarantine', stream], call => client.quarantine(stream, {limit: 50}, call));
export const useServing = () => useRead<readonly ServingStatus[]>(['serving'], call => client.serving(call));
/** Newest first; as many as one can look through. */
export const useReviews = (model: string, state: Review['state'], limit: number) =>
  useRead<readonly Review[]>(['reviews', model, state], call => client.reviews(model, {state, limit}, call));
export const useKeyList = () => useRead<ApiKeyList>(['keys'], call => client.keys(call));
/** Pages of the audit log, newest first. */
export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({pageParam, signal}) =>
      client.audit({limit: 50, ...(pageParam === null ? {} : {before: pageParam})}, {signal}),
    initialPageParam: null as string | null,
    getNextPageParam: (page: AuditPage) => page.next,
  });
export const useSummary = () => useRead<RunSummary>(['summary'], call => client.summary(call));

export const useModelDetail = (model: string | null) =>
  useRead<ModelDetail>(['model', model], call => client.model(model ?? '', call), model !== null);
export const useVersion = (model: string, version: number) =>
  useRead<ModelVersion>(['version', model, version], call => client.version(model, version, call));
export const useWindows = (model: string | null) =>
  useRead<Windows>(['windows', model], call => client.windows(model ?? '', {}, call), model !== null);
export const useDistributions = (model: string | null, window: string | null) =>
  useRead<Distributions>(
    ['distributions', model, window],
    call => client.distributions(model ?? '', window === null ? {} : {window}, call),
    model !== null,
  );
export const usePredictions = (model: string | null, limit: number) =>
  useRead<readonly PredictionRecord[]>(
    ['predictions', model, limit],
    call => client.predictions(model ?? '', {limit}, call),
    model !== null,
  );

/** The model that the page is about: named in the address, else the first; null while there is none. */
export function useModel(): {model: string | null; models: readonly string[]; choose(model: string): void} {
  const overview = useOverview().data;
  const [asked, choose] = useParam('model');
  const models = overview?.models.map(summary => summary.model) ?? [];
  return {model: asked ?? models[0] ?? null, models, choose};
}
