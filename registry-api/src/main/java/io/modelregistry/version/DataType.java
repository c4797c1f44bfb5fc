package io.modelregistry.version;

/** The type of a tensor's or column's elements. */
public enum DataType {
    FLOAT16,
    BFLOAT16,
    FLOAT32,
    FLOAT64,
    INT8,
    INT16,
    INT32,
    INT64,
    UINT8,
    UINT16,
    UINT32,
    UINT64,
    BOOL,
    STRING,
    BYTES,
    DATETIME
}
