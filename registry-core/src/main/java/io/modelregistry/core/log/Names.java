package io.modelregistry.core.log;

import io.modelregistry.EnvironmentName;
import io.modelregistry.InvalidRequestException;
import io.modelregistry.ModelName;
import io.modelregistry.storage.Depth;
import io.modelregistry.storage.Listing;
import java.util.Iterator;
import java.util.Optional;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Lists the names that stand in a registry, one page of a thousand at a time. */
public final class Names {
    private static final int PAGE = 1_000;

    private final Store store;

    public Names(Store store) {
        this.store = store;
    }

    public Stream<ModelName> models() {
        return folders(KeyLayout.MODELS, ModelName::of);
    }

    public Stream<EnvironmentName> environments() {
        return folders(KeyLayout.ENVIRONMENTS, EnvironmentName::of);
    }

    /** Folders that aren't names are somebody else's; {@code verify} reports them. */
    private <T> Stream<T> folders(String prefix, Function<String, T> parse) {
        return keys(prefix)
                .filter(key -> key.endsWith("/"))
                .map(KeyLayout::lastSegment)
                .flatMap(name -> {
                    try {
                        return Stream.of(parse.apply(name));
                    } catch (InvalidRequestException e) {
                        return Stream.<T>empty();
                    }
                });
    }

    private Stream<String> keys(String prefix) {
        Iterator<Listing> pages = new Iterator<>() {
            private Optional<Listing> last = Optional.empty();

            @Override
            public boolean hasNext() {
                return last.isEmpty() || last.get().more();
            }

            @Override
            public Listing next() {
                String after = last.map(page -> page.keys().get(page.keys().size() - 1))
                        .orElse("");
                Listing page = store.list(prefix, Depth.ONE, after, PAGE, store.deadline());
                last = Optional.of(page);
                return page;
            }
        };
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, 0), false)
                .flatMap(page -> page.keys().stream());
    }
}
