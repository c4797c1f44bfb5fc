package io.modelregistry.store.s3;

/** What the backend was asked for, in the words of its error messages. */
record S3Call(Verb verb, String key) {

    enum Verb {
        CREATE("create", "s3:PutObject", true),
        OVERWRITE("overwrite", "s3:PutObject", true),
        UPLOAD("upload", "s3:PutObject", true),
        DELETE("delete", "s3:DeleteObject", true),
        DELETE_VERSIONS("delete all versions of", "s3:ListBucketVersions and s3:DeleteObjectVersion", true),
        GET("read", "s3:GetObject", false),
        STAT("look up", "s3:GetObject", false),
        LIST("list", "s3:ListBucket", false),
        TIME("ask the time at", "s3:GetObject", false);

        private final String word;
        private final String permission;
        private final boolean write;

        Verb(String word, String permission, boolean write) {
            this.word = word;
            this.permission = permission;
            this.write = write;
        }

        String permission() {
            return permission;
        }

        boolean isWrite() {
            return write;
        }
    }

    @Override
    public String toString() {
        return verb.word + " " + (key.isEmpty() ? "everything" : key);
    }
}
