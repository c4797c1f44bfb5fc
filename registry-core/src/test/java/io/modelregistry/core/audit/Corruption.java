package io.modelregistry.core.audit;

import static java.util.stream.Collectors.toCollection;

import io.modelregistry.core.json.Fields;
import io.modelregistry.core.json.Json;
import io.modelregistry.core.json.JsonFormat;
import io.modelregistry.core.log.KeyLayout;
import io.modelregistry.core.log.SelfVerifying;
import io.modelregistry.core.log.StreamName;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One thing that can befall one object of a registry. */
enum Corruption {
    FLIP {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            byte[] content = whole.get(key).clone();
            if (content.length > 0) {
                content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
            }
            return Map.of(key, content);
        }
    },
    TRUNCATE {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            byte[] content = whole.get(key);
            return Map.of(key, Arrays.copyOf(content, random.nextInt(Math.max(1, content.length))));
        }
    },
    EMPTY {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            return Map.of(key, new byte[0]);
        }
    },
    GROW {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            byte[] content = whole.get(key);
            return Map.of(key, Arrays.copyOf(content, content.length + 1 + random.nextInt(3)));
        }
    },
    DELETE {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            Map<String, byte[]> gone = new TreeMap<>();
            gone.put(key, null);
            return gone;
        }
    },
    SWAP {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            String other = any(whole.keySet(), random);
            return key.equals(other) ? Map.of() : Map.of(key, whole.get(other), other, whole.get(key));
        }
    },
    COPY_OF_ANOTHER_OBJECT {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            return Map.of(key, whole.get(any(whole.keySet(), random)));
        }
    },
    COPY_OF_ITS_KIND {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            Set<String> alike = keys(whole, other -> authority(other).equals(authority(key)));
            return Map.of(key, whole.get(any(alike, random)));
        }
    },
    COPY_FROM_THE_OTHER_MODEL {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            String counterpart = key.contains("fraud-detector")
                    ? key.replace("fraud-detector", "tumor-classifier")
                    : key.replace("tumor-classifier", "fraud-detector");
            byte[] content = whole.get(counterpart);
            return content == null ? Map.of() : Map.of(key, content);
        }
    },
    COPY_OF_ANOTHER_SEQUENCE {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            StreamName stream = KeyLayout.stream(key).orElse(null);
            Set<String> alike = stream == null
                    ? Set.of()
                    : keys(
                            whole,
                            other -> KeyLayout.stream(other)
                                    .filter(stream::equals)
                                    .isPresent());
            return alike.isEmpty() ? Map.of() : Map.of(key, whole.get(any(alike, random)));
        }
    },
    /** As if it came from a restored backup of another registry: everything else in it is right. */
    OF_ANOTHER_REGISTRY {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            return resealed(key, whole, entry -> with(entry, "registry", Json.of("f".repeat(32))));
        }
    },
    /** Whole and sealed, but its state isn't the one that its change makes of the one before. */
    ANOTHER_STATE {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            return KeyLayout.stream(key).isEmpty()
                    ? Map.of()
                    : resealed(key, whole, entry -> {
                        Json.Obj state = Fields.of(entry).object("state").json();
                        String field = any(state.fields().keySet(), random);
                        return with(
                                entry,
                                "state",
                                with(state, field, other(state.fields().get(field))));
                    });
        }
    },
    /** Whole and sealed, but it follows another entry than the one that stands before it. */
    BROKEN_CHAIN {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            StreamName stream = KeyLayout.stream(key).orElse(null);
            if (stream == null || KeyLayout.sequence(stream, key).getAsLong() == 1) {
                return Map.of();
            }
            return resealed(
                    key,
                    whole,
                    entry -> random.nextBoolean()
                            ? with(entry, "origin", Json.of("f".repeat(32)))
                            : with(
                                    entry,
                                    "previous",
                                    with(
                                            Fields.of(entry).object("previous").json(),
                                            "sha256",
                                            Json.of("0".repeat(64)))));
        }
    },
    /** A copy where nothing stood. */
    PLANT {
        @Override
        Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random) {
            String place = KeyLayout.stream(key)
                    .map(stream -> KeyLayout.entry(stream, last(stream, whole) + 1 + random.nextInt(2)))
                    .orElse(key + "." + random.nextInt(1_000));
            return key.startsWith(KeyLayout.HINTS) || whole.containsKey(place)
                    ? Map.of()
                    : Map.of(place, whole.get(key));
        }
    };

    /**
     * What becomes of the registry's objects.
     *
     * @param whole all objects by key
     * @return new contents by key, null for what is gone; nothing where this can't befall the object
     */
    abstract Map<String, byte[]> of(String key, Map<String, byte[]> whole, SplittableRandom random);

    /** The first segment of a key. */
    static String authority(String key) {
        return key.split("/", 2)[0];
    }

    static long last(StreamName stream, Map<String, byte[]> whole) {
        return keys(whole, key -> KeyLayout.stream(key).filter(stream::equals).isPresent())
                .size();
    }

    static String any(Set<String> texts, SplittableRandom random) {
        return List.copyOf(new TreeSet<>(texts)).get(random.nextInt(texts.size()));
    }

    private static Set<String> keys(Map<String, byte[]> whole, java.util.function.Predicate<String> which) {
        return whole.keySet().stream().filter(which).collect(toCollection(TreeSet::new));
    }

    private static Map<String, byte[]> resealed(
            String key, Map<String, byte[]> whole, java.util.function.UnaryOperator<Json.Obj> change) {
        if (KeyLayout.stream(key).isEmpty() && !key.equals(KeyLayout.REGISTRY)) {
            return Map.of();
        }
        Json.Obj content = JsonFormat.readObject(SelfVerifying.open(whole.get(key)));
        return Map.of(key, SelfVerifying.seal(JsonFormat.write(change.apply(content))));
    }

    private static Json.Obj with(Json.Obj object, String name, Json value) {
        Map<String, Json> fields = new LinkedHashMap<>(object.fields());
        fields.put(name, value);
        return new Json.Obj(fields);
    }

    /** Another value of the same type. */
    private static Json other(@Nullable Json value) {
        if (value instanceof Json.Num number) {
            return Json.of(number.text().equals("1") ? 2 : 1);
        }
        if (value instanceof Json.Str text) {
            return Json.of(text.value().equals("approved") ? "rejected" : "approved");
        }
        if (value instanceof Json.Arr array) {
            return array.elements().isEmpty() ? new Json.Arr(List.of(Json.of(1))) : new Json.Arr(List.of());
        }
        return value instanceof Json.Nil ? Json.Obj.EMPTY : new Json.Nil();
    }
}
