package bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.RichSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.util.Collector;

/**
 * Six aggregates (count, sum, mean, min, max, last) per key over 1 h, 24 h and 7 d, on Flink's local cluster.
 *
 * <p>{@code windows}: Flink's own sliding windows with an incremental aggregate, hops of 5 min, 1 h and 1 d. A value
 * comes out once per hop, when the watermark passes the end of the window: it is up to one hop old, and each event is
 * added to 12 + 24 + 7 windows.
 *
 * <p>{@code tiles}: by hand, as a careful user would: one partial aggregate per hop and key in MapState; each event
 * updates three of them and puts out the 18 values merged from 12 + 24 + 7 tiles (and the one under way). The oldest
 * edge of a window is a whole hop, never the exact time. Old tiles are removed when their key has its next event.
 *
 * <p>Arguments: file, events, windows|tiles, heap|rocksdb. Prints one line of JSON.
 */
public final class WindowJob {
  private static final long MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  private static final long[] SIZES = {HOUR, DAY, 7 * DAY};
  private static final long[] HOPS = {5 * MINUTE, HOUR, DAY};

  /** What one aggregate holds: count, sum, min, max, last; mean is read from the first two. */
  private static final int COUNT = 0, SUM = 1, MIN = 2, MAX = 3, LAST = 4, LAST_TIME = 5, SLOTS = 6;

  public static final class Event {
    public int key;
    public long time;
    public double value;
  }

  public static void main(String[] args) throws Exception {
    String file = args[0], mode = args[2], backend = args[3];
    long events = Long.parseLong(args[1]);
    Path local = Files.createTempDirectory("millrace-bench-flink-");

    Configuration configuration = new Configuration();
    configuration.set(StateBackendOptions.STATE_BACKEND, backend.equals("heap") ? "hashmap" : "rocksdb");
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1024));
    configuration.setString("io.tmp.dirs", local.toString());
    configuration.setString("state.backend.rocksdb.localdir", local.toString());
    LocalStreamEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.getConfig().enableObjectReuse();
    env.getConfig().setAutoWatermarkInterval(0);

    KeyedStream<Event, Integer> keyed =
        env.addSource(new Source(file, events, backend.equals("heap"))).keyBy(event -> event.key, Types.INT);
    if (mode.equals("windows"))
      for (int w = 0; w < SIZES.length; w++)
        keyed
            .window(SlidingEventTimeWindows.of(Duration.ofMillis(SIZES[w]), Duration.ofMillis(HOPS[w])))
            .aggregate(new Six())
            .sinkTo(new DiscardingSink<>());
    else keyed.process(new Tiles()).returns(double[].class).sinkTo(new DiscardingSink<>());

    env.execute();
    System.out.printf(
        "{\"bench\":\"stream\",\"name\":\"Flink %s, %s\",\"events\":%d,\"keys\":%d,\"seconds\":%.2f,"
            + "\"cpuSeconds\":%.2f,\"eventsPerSecond\":%.0f,\"eventsPerCpuSecond\":%.0f,\"stateBytesPerKey\":%s}%n",
        mode, backend, events, Source.keys, Source.seconds, Source.cpuSeconds, events / Source.seconds,
        events / Source.cpuSeconds, backend.equals("heap") ? Source.stateBytes / Source.keys : "null");
    try (var paths = Files.walk(local)) {
      paths.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
    System.exit(0);
  }

  private static OperatingSystemMXBean bean() {
    return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /**
   * Reads the file, with a watermark per second of event time. The clock and the CPU of the process run from the first
   * event to the last: the start of the cluster, and the windows that close at the end of the stream, are not counted.
   */
  private static final class Source extends RichSourceFunction<Event> {
    static long keys, stateBytes;
    static double seconds, cpuSeconds;
    private final String file;
    private final boolean heap;
    private final long events;

    Source(String file, long events, boolean heap) {
      this.file = file;
      this.events = events;
      this.heap = heap;
    }

    @Override
    public void run(SourceContext<Event> context) throws Exception {
      long heapBefore = usedHeap(), cpuBefore = bean().getProcessCpuTime(), started = System.nanoTime(), mark = 0;
      BitSet seen = new BitSet();
      byte[] bytes = new byte[24 * 4096];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      Event event = new Event();
      try (InputStream in = new BufferedInputStream(new FileInputStream(file), 1 << 20)) {
        DataInputStream data = new DataInputStream(in);
        for (long done = 0; done < events; ) {
          int count = (int) Math.min(4096, events - done);
          data.readFully(bytes, 0, count * 24);
          for (int i = 0; i < count; i++) {
            event.time = (long) buffer.getDouble(i * 24);
            event.key = (int) buffer.getDouble(i * 24 + 8);
            event.value = buffer.getDouble(i * 24 + 16);
            seen.set(event.key);
            context.collectWithTimestamp(event, event.time);
            if (event.time >= mark + 1000) {
              mark = event.time;
              context.emitWatermark(new Watermark(mark - 1));
            }
          }
          done += count;
        }
      }
      seconds = (System.nanoTime() - started) / 1e9;
      cpuSeconds = (bean().getProcessCpuTime() - cpuBefore) / 1e9;
      // The few buffers still on their way to the operators are worked off before the state is weighed.
      Thread.sleep(1000);
      keys = seen.cardinality();
      // RocksDB holds much outside the heap and not yet in files: it is not weighed.
      stateBytes = heap ? usedHeap() - heapBefore : 0;
    }

    @Override
    public void cancel() {}
  }

  private static double[] empty() {
    return new double[] {0, 0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, -1};
  }

  private static void add(double[] state, Event event) {
    state[COUNT]++;
    state[SUM] += event.value;
    if (event.value < state[MIN]) state[MIN] = event.value;
    if (event.value > state[MAX]) state[MAX] = event.value;
    if (event.time >= state[LAST_TIME]) {
      state[LAST] = event.value;
      state[LAST_TIME] = event.time;
    }
  }

  private static void merge(double[] into, double[] state) {
    into[COUNT] += state[COUNT];
    into[SUM] += state[SUM];
    if (state[MIN] < into[MIN]) into[MIN] = state[MIN];
    if (state[MAX] > into[MAX]) into[MAX] = state[MAX];
    if (state[LAST_TIME] >= into[LAST_TIME]) {
      into[LAST] = state[LAST];
      into[LAST_TIME] = state[LAST_TIME];
    }
  }

  private static final class Six implements AggregateFunction<Event, double[], double[]> {
    @Override
    public double[] createAccumulator() {
      return empty();
    }

    @Override
    public double[] add(Event event, double[] state) {
      WindowJob.add(state, event);
      return state;
    }

    @Override
    public double[] getResult(double[] state) {
      return new double[] {
        state[COUNT], state[SUM], state[SUM] / state[COUNT], state[MIN], state[MAX], state[LAST]
      };
    }

    @Override
    public double[] merge(double[] a, double[] b) {
      WindowJob.merge(a, b);
      return a;
    }
  }

  private static final class Tiles extends KeyedProcessFunction<Integer, Event, double[]> {
    private transient MapState<Long, double[]>[] tiles;
    private transient double[] values;

    @Override
    @SuppressWarnings("unchecked")
    public void open(OpenContext context) {
      tiles = new MapState[SIZES.length];
      for (int w = 0; w < SIZES.length; w++)
        tiles[w] =
            getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("tiles-" + w, Types.LONG, PrimitiveArrayTypeInfo.DOUBLE_PRIMITIVE_ARRAY_TYPE_INFO));
      values = new double[SIZES.length * 6];
    }

    @Override
    public void processElement(Event event, Context context, Collector<double[]> out) throws Exception {
      for (int w = 0; w < SIZES.length; w++) {
        long start = event.time - event.time % HOPS[w];
        double[] tile = tiles[w].get(start);
        if (tile == null) tile = empty();
        add(tile, event);
        tiles[w].put(start, tile);

        long oldest = (event.time - SIZES[w]) / HOPS[w] * HOPS[w];
        double[] all = empty();
        for (Iterator<Map.Entry<Long, double[]>> each = tiles[w].iterator(); each.hasNext(); ) {
          Map.Entry<Long, double[]> entry = each.next();
          if (entry.getKey() < oldest) each.remove();
          else merge(all, entry.getValue());
        }
        int at = w * 6;
        values[at] = all[COUNT];
        values[at + 1] = all[SUM];
        values[at + 2] = all[SUM] / all[COUNT];
        values[at + 3] = all[MIN];
        values[at + 4] = all[MAX];
        values[at + 5] = all[LAST];
      }
      out.collect(values);
    }
  }
}
