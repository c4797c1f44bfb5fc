package io.modelregistry.environment;

import io.modelregistry.Digest;
import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.Texts;
import io.modelregistry.UpgradeRequiredException;
import io.modelregistry.VersionId;
import io.modelregistry.version.ModelVersion;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Names what stood behind a prediction: the registry, the version and its exact bytes, and, when an environment chose it, the change and the arm that
 * did. Made from every {@link Resolution}; short enough to be kept beside each prediction, in a log line, a header or a column.
 * {@link io.modelregistry.ModelRegistry#reproduce} goes back from it to the bytes.
 *
 * <p>Prints as
 * {@code mr1~<registry>~<model>~<version>~<manifest>~<environment>~<revision>~<arm>~<entry>~<check>}, without the four parts from the environment on when
 * the version was named itself. All of it is lower case and needs no escaping in a URL. The check tells a slip of the pen or a cut; it
 * proves nothing against somebody who makes a receipt up: the digests do, which {@code reproduce} compares.
 *
 * @param registry the registry's id
 * @param manifest the first 32 hexadecimal digits, 128 bits, of the manifest's digest
 * @param choice null when the version was named itself
 */
public record Receipt(
        String registry,
        VersionId version,
        String manifest,
        @Nullable Choice choice) {
    private static final String FORM = "mr1";
    private static final String SEPARATOR = "~";
    private static final String STEP = ".";
    private static final int MOST_STEPS = 20;
    private static final int FIELDS_OF_VERSION = 5;
    private static final int FIELDS_WITH_CHOICE = 9;
    private static final int MOST_CHARACTERS = 500;
    private static final int KEPT_DIGITS = 32;
    private static final long MOST = 9_999_999_999L;
    private static final Pattern ARM = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");
    private static final Pattern CHECKED = Pattern.compile("[a-z0-9._~-]*~[0-9a-f]{8}");
    private static final Pattern OTHER_FORM = Pattern.compile("mr[0-9]{1,3}");

    /**
     * How an environment came to serve the version.
     *
     * @param revision of the environment's stream
     * @param arm of the rollout
     * @param step how many scheduled steps of the rollout had been taken
     * @param entry the first 32 hexadecimal digits of the digest of the entry at that revision
     */
    public record Choice(EnvironmentName environment, long revision, String arm, int step, String entry) {
        public Choice {
            requireNumber("revision", revision);
            requirePart("arm", arm, ARM);
            if (step < 0 || step > MOST_STEPS) {
                throw new InvalidRequestException("Not the step of a receipt: " + step + ": it is 0 to " + MOST_STEPS);
            }
            requireDigits("digest of an entry", entry);
        }

        private String text() {
            String chosen = step == 0 ? arm : arm + STEP + step;
            return String.join(SEPARATOR, environment.value(), Long.toString(revision), chosen, entry);
        }

        private static Choice parse(String environment, String revision, String chosen, String entry) {
            int dot = chosen.indexOf(STEP);
            String arm = dot < 0 ? chosen : chosen.substring(0, dot);
            int step = dot < 0 ? 0 : (int) Math.min(number("step", chosen.substring(dot + 1)), Integer.MAX_VALUE);
            return new Choice(EnvironmentName.of(environment), number("revision", revision), arm, step, entry);
        }
    }

    public Receipt {
        requireDigits("registry's id", registry);
        requireNumber("version", version.number());
        requireDigits("digest of a manifest", manifest);
    }

    /** Of a version that was named itself. */
    public static Receipt of(String registry, ModelVersion version) {
        return new Receipt(registry, version.id(), kept(version.artifact().manifest()), null);
    }

    /**
     * Of a version that an environment served.
     *
     * @param step how many scheduled steps of the rollout had been taken
     */
    public static Receipt of(
            String registry,
            ModelVersion version,
            EnvironmentName environment,
            Deployment deployment,
            String arm,
            int step) {
        Choice choice = new Choice(environment, deployment.revision().sequence(), arm, step, kept(deployment.entry()));
        return new Receipt(registry, version.id(), kept(version.artifact().manifest()), choice);
    }

    /**
     * Reads what {@link #toString} prints.
     *
     * @throws InvalidRequestException when it is anything else, such as a receipt with a character changed, lost or added
     * @throws UpgradeRequiredException when it is whole and of a form that only a newer release knows
     */
    public static Receipt parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw refused(text, "it has " + text.length() + " characters");
        }
        if (!CHECKED.matcher(text).matches()) {
            throw refused(
                    text,
                    "it has lower-case letters, digits, '.', '_', '-' between '~', and 8 hexadecimal digits last");
        }
        int end = text.lastIndexOf(SEPARATOR);
        String said = text.substring(0, end);
        if (!check(said).equals(text.substring(end + 1))) {
            throw refused(
                    text,
                    "its check doesn't fit, so a character was lost, added or changed. Copy it again from where it"
                            + " was kept");
        }
        String[] fields = said.split(SEPARATOR, -1);
        if (!fields[0].equals(FORM) && OTHER_FORM.matcher(fields[0]).matches()) {
            throw new UpgradeRequiredException("The receipt \"" + text + "\" has the form " + fields[0]
                    + "; this release reads " + FORM + ". Upgrade the library");
        }
        boolean hasChoice = fields.length == FIELDS_WITH_CHOICE;
        if (!fields[0].equals(FORM) || (!hasChoice && fields.length != FIELDS_OF_VERSION)) {
            throw refused(text, "it begins with " + FORM + "~ and has 6 or 10 parts");
        }
        VersionId version = new VersionId(ModelName.of(fields[2]), number("version", fields[3]));
        Choice choice = hasChoice ? Choice.parse(fields[5], fields[6], fields[7], fields[8]) : null;
        return new Receipt(fields[1], version, fields[4], choice);
    }

    /** How an environment came to serve it; empty when the version was named itself. */
    public Optional<Choice> servedBy() {
        return Optional.ofNullable(choice);
    }

    /** Whether these are the bytes it names. */
    public boolean names(Digest manifestOfVersion) {
        return kept(manifestOfVersion).equals(manifest);
    }

    /** The part of a digest that receipts keep. */
    public static String kept(Digest digest) {
        return digest.hex().substring(0, KEPT_DIGITS);
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        String said = String.join(
                SEPARATOR, FORM, registry, version.model().value(), Long.toString(version.number()), manifest);
        String all = choice == null ? said : said + SEPARATOR + choice.text();
        return all + SEPARATOR + check(all);
    }

    private static String check(String said) {
        CRC32C crc = new CRC32C();
        crc.update(said.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static long number(String what, String text) {
        requirePart(what, text, NUMBER);
        return Long.parseLong(text);
    }

    private static void requireNumber(String what, long number) {
        if (number < 1 || number > MOST) {
            throw new InvalidRequestException("Not the " + what + " of a receipt: " + number + ": it is 1 to " + MOST);
        }
    }

    /** A loop rather than a pattern: a receipt is made with every resolution. */
    private static void requireDigits(String what, String hex) {
        boolean fits = hex.length() == KEPT_DIGITS;
        for (int i = 0; fits && i < KEPT_DIGITS; i++) {
            fits = "0123456789abcdef".indexOf(hex.charAt(i)) >= 0;
        }
        if (!fits) {
            throw new InvalidRequestException("Not the " + what + " of a receipt: \"" + Texts.printable(hex)
                    + "\": it has " + KEPT_DIGITS + " of 0-9 and a-f");
        }
    }

    private static void requirePart(String what, String text, Pattern pattern) {
        if (!pattern.matcher(text).matches()) {
            throw new InvalidRequestException(
                    "Not the " + what + " of a receipt: \"" + Texts.printable(text) + "\": it matches " + pattern);
        }
    }

    private static InvalidRequestException refused(String text, String why) {
        return new InvalidRequestException("Not a receipt: \"" + Texts.printable(text) + "\": " + why);
    }
}
