package io.modelregistry.core.nth;

/** What a client knows when its call begins. */
enum Temperature {
    /** Nothing: others did all that has happened before. */
    COLD {
        @Override
        void prepare(Row row, Client client, Runnable others) {
            others.run();
            open(row, client);
        }
    },
    /** Everything: it did all that itself. */
    WARM {
        @Override
        void prepare(Row row, Client client, Runnable others) {
            row.stage().accept(client);
            open(row, client);
        }
    },
    /** That there is nothing: it looked before others did anything. */
    STALE {
        @Override
        void prepare(Row row, Client client, Runnable others) {
            if (row.stage() != Operations.EMPTY) {
                client.tumor().latest();
                client.tumor().version(1).find();
                client.tumor().history();
                client.production().current();
            }
            others.run();
        }
    };

    /** Brings a store and a client to the point where the call begins. */
    abstract void prepare(Row row, Client client, Runnable others);

    /** The call itself is what goes wrong, not the opening, unless that is the call. */
    private static void open(Row row, Client client) {
        if (row.stage() != Operations.EMPTY) {
            client.registry();
        }
    }
}
