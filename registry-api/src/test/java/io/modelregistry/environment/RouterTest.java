package io.modelregistry.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelregistry.ModelName;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RouterTest {
    private static final ModelName MODEL = ModelName.of("tumor-classifier");
    private static final int KEYS = 40_000;
    private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);

    @Test
    void everyKeyGoesWhereTheVectorsSay() throws IOException {
        List<String> wrong = new ArrayList<>();
        int count = 0;
        for (String line : vectors()) {
            String[] fields = line.split("\t", -1);
            Rollout rollout = rollout(fields[1]).salt(fields[2]);
            Arm arm = Router.of(ModelName.of(fields[0]), rollout).arm(Routing.of(unescaped(fields[3])));
            if (!arm.id().equals(fields[4])) {
                wrong.add(line + " -> " + arm.id());
            }
            count++;
        }

        assertThat(wrong).isEmpty();
        assertThat(count).isGreaterThan(150);
    }

    @Test
    void anotherImplementationOfTheFormulaChoosesTheSame() {
        Random random = new Random(7);
        Rollout rollout = Rollout.of(
                        Arm.of("main", 12, Share.percent(60)),
                        Arm.of("b", 13, Share.percent(25)),
                        Arm.of("c", 14, Share.percent(10)),
                        Arm.holdout("held", 12, Share.percent(5)))
                .salt("s-1");
        Router router = Router.of(MODEL, rollout);

        for (int i = 0; i < 2_000; i++) {
            String key = anyText(random);

            assertThat(router.arm(Routing.of(key)).id()).as(key).isEqualTo(byTheFormula(rollout, key));
        }
    }

    @Test
    void theFirstAndLastCharactersOfEachLengthInUtf8AreHashedAsTheFormulaSays() {
        Rollout rollout = Rollout.of(Arm.of("main", 12, Share.percent(50)), Arm.of("b", 13, Share.percent(50)));
        Router router = Router.of(MODEL, rollout);

        for (int point : new int[] {0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff}) {
            for (int i = 0; i < 40; i++) {
                String key = i + Character.toString(point);

                assertThat(router.arm(Routing.of(key)).id())
                        .as("U+%x after %s", point, i)
                        .isEqualTo(byTheFormula(rollout, key));
            }
        }
    }

    @Test
    void whatIsDrawnIsMoreThanNothingAndAtMostEverything() {
        assertThat(Router.unit(0)).isEqualTo(0x1.0p-54);
        assertThat(Router.unit(1L << 63)).isEqualTo(0.5);
        assertThat(Router.unit(-1)).isEqualTo(1);
    }

    @Test
    void eachArmGetsItsShare() {
        Rollout rollout = Rollout.of(
                        Arm.of("main", 12, Share.percent(90)),
                        Arm.of("b", 13, Share.percent(7)),
                        Arm.of("c", 14, Share.percent(1)),
                        Arm.holdout("held", 12, Share.percent(2)))
                .salt("x");

        Map<String, Integer> found = count(rollout);

        // five standard deviations of a binomial
        rollout.arms().forEach(arm -> {
            double share = arm.weight().basisPoints() / 10_000.0;
            double deviation = Math.sqrt(KEYS * share * (1 - share));
            assertThat((double) found.getOrDefault(arm.id(), 0))
                    .as(arm.id())
                    .isBetween(KEYS * share - 5 * deviation, KEYS * share + 5 * deviation);
        });
    }

    @Test
    void keysMoveOnlyToAnArmThatGains() {
        Rollout before = canary(500);

        for (int share : new int[] {600, 2_500, 10_000}) {
            Rollout after = canary(share);
            int moved = 0;
            for (int i = 0; i < KEYS; i++) {
                String was = arm(before, "patient-" + i);
                String is = arm(after, "patient-" + i);
                assertThat(is.equals(was) || is.equals("canary"))
                        .as("patient-%s went from %s to %s", i, was, is)
                        .isTrue();
                moved += is.equals(was) ? 0 : 1;
            }
            assertThat(moved).isPositive();
        }
    }

    @Test
    void aThirdArmTakesKeysFromTheOthersAndMovesNoneBetweenThem() {
        Rollout before = Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)));
        Rollout after = Rollout.of(
                Arm.of("a", 1, Share.percent(40)),
                Arm.of("b", 2, Share.percent(40)),
                Arm.of("c", 3, Share.percent(20)));

        for (int i = 0; i < KEYS; i++) {
            assertThat(arm(after, "k" + i)).isIn(arm(before, "k" + i), "c");
        }
    }

    @Test
    void theHoldoutIsTheSameOnEveryStep() {
        for (int i = 0; i < KEYS; i++) {
            boolean held = arm(held(100), "k" + i).equals("holdout");

            assertThat(arm(held(9_000), "k" + i).equals("holdout")).isEqualTo(held);
        }
    }

    @Test
    void anotherSaltOrModelAssignsOtherKeys() {
        int sameSalt = 0;
        int sameModel = 0;
        Rollout half = Rollout.of(Arm.of("a", 1, Share.percent(50)), Arm.of("b", 2, Share.percent(50)));
        for (int i = 0; i < KEYS; i++) {
            Routing routing = Routing.of("k" + i);
            String arm = Router.of(MODEL, half).arm(routing).id();
            sameSalt += Router.of(MODEL, half.salt("2")).arm(routing).id().equals(arm) ? 1 : 0;
            sameModel +=
                    Router.of(ModelName.of("other"), half).arm(routing).id().equals(arm) ? 1 : 0;
        }

        double deviation = Math.sqrt(KEYS * 0.25);
        assertThat((double) sameSalt).isBetween(KEYS / 2.0 - 5 * deviation, KEYS / 2.0 + 5 * deviation);
        assertThat((double) sameModel).isBetween(KEYS / 2.0 - 5 * deviation, KEYS / 2.0 + 5 * deviation);
    }

    @Test
    void anAudienceComesBeforeTheKeyAndEveryAttributeMustFit() {
        Arm canary = Arm.of("canary", 13, Share.NONE)
                .audience("hospital", "st-mary", "north")
                .audience("ward", "icu");
        Rollout rollout = Rollout.of(Arm.of("main", 12, Share.ALL), canary);
        Router router = Router.of(MODEL, rollout);
        Routing somebody = Routing.of("patient-77");

        assertThat(router.arm(somebody).id()).isEqualTo("main");
        assertThat(router.arm(somebody.with("hospital", "north")).id()).isEqualTo("main");
        assertThat(router.arm(somebody.with("hospital", "north").with("ward", "icu"))
                        .id())
                .isEqualTo("canary");
        assertThat(router.arm(Routing.anybody().with("hospital", "st-mary").with("ward", "icu"))
                        .id())
                .isEqualTo("canary");
        assertThat(router.arm(somebody.with("hospital", "south").with("ward", "icu"))
                        .id())
                .isEqualTo("main");
    }

    @Test
    void whoSaysNothingGetsTheStableArm() {
        assertThat(Router.of(MODEL, canary(9_999)).arm(Routing.anybody()).id()).isEqualTo("main");
    }

    private static Map<String, Integer> count(Rollout rollout) {
        Map<String, Integer> found = new HashMap<>();
        Router router = Router.of(MODEL, rollout);
        for (int i = 0; i < KEYS; i++) {
            found.merge(router.arm(Routing.of("patient-" + i)).id(), 1, Integer::sum);
        }
        return found;
    }

    private static String arm(Rollout rollout, String key) {
        return Router.of(MODEL, rollout).arm(Routing.of(key)).id();
    }

    private static Rollout canary(int basisPoints) {
        return Rollout.of(12).with(Canary.of(13, new Share(basisPoints)));
    }

    private static Rollout held(int basisPoints) {
        return Rollout.of(12).with(Canary.of(13, new Share(basisPoints)).holdout(Share.percent(10)));
    }

    /** Written anew from docs/format.md, with integers that can't overflow. */
    private static String byTheFormula(Rollout rollout, String key) {
        BigInteger hashed = mixed(fnv(key.getBytes(StandardCharsets.UTF_8)));
        String best = "";
        double least = Double.POSITIVE_INFINITY;
        for (Arm arm : rollout.arms()) {
            String seed = MODEL.value() + "\0" + rollout.salt() + "\0" + arm.id();
            BigInteger drawn = mixed(hashed.xor(mixed(fnv(seed.getBytes(StandardCharsets.UTF_8)))));
            double draw = (drawn.shiftRight(11).doubleValue() + 0.5) / Math.pow(2, 53);
            if (arm.mode() == Arm.Mode.HOLDOUT) {
                if (draw * 10_000 < arm.weight().basisPoints()) {
                    return arm.id();
                }
            } else if (-StrictMath.log(draw) / arm.weight().basisPoints() < least) {
                least = -StrictMath.log(draw) / arm.weight().basisPoints();
                best = arm.id();
            }
        }
        return best;
    }

    private static BigInteger fnv(byte[] bytes) {
        BigInteger hash = new BigInteger("14695981039346656037");
        for (byte b : bytes) {
            hash = hash.xor(BigInteger.valueOf(b & 0xff))
                    .multiply(BigInteger.valueOf(1_099_511_628_211L))
                    .mod(TWO_TO_64);
        }
        return hash;
    }

    private static BigInteger mixed(BigInteger z) {
        BigInteger x = z.xor(z.shiftRight(30))
                .multiply(new BigInteger("bf58476d1ce4e5b9", 16))
                .mod(TWO_TO_64);
        x = x.xor(x.shiftRight(27))
                .multiply(new BigInteger("94d049bb133111eb", 16))
                .mod(TWO_TO_64);
        return x.xor(x.shiftRight(31));
    }

    private static String anyText(Random random) {
        StringBuilder text = new StringBuilder("k");
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            int[] ends = {0x7f, 0x7ff, 0xd7ff, 0x10ffff};
            int point = random.nextInt(1, ends[random.nextInt(4)] + 1);
            text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 0x1f600 : point);
        }
        return text.toString();
    }

    /** {@code main:12:9500,canary:13:500,held:12:0:holdout}. */
    private static Rollout rollout(String text) {
        List<Arm> arms = new ArrayList<>();
        for (String arm : text.split(",", -1)) {
            String[] parts = arm.split(":", -1);
            Share weight = new Share(Integer.parseInt(parts[2]));
            long version = Long.parseLong(parts[1]);
            arms.add(parts.length > 3 ? Arm.holdout(parts[0], version, weight) : Arm.of(parts[0], version, weight));
        }
        return new Rollout(arms, "", List.of(), null);
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\u", i)) {
                plain.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
                i += 5;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    private static List<String> vectors() throws IOException {
        try (InputStream in = Objects.requireNonNull(RouterTest.class.getResourceAsStream("routing-vectors.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
