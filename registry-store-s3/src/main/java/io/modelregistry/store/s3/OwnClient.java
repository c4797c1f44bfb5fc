package io.modelregistry.store.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The client of a backend that was opened by its location. */
final class OwnClient {
    /** For all threads of an application that share an open registry, and their parts. */
    private static final int MAX_CONNECTIONS = 256;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private OwnClient() {}

    static S3Client of(S3Settings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(MAX_CONNECTIONS)
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(settings.timeout()))
                .forcePathStyle(settings.addressing() == S3Settings.Addressing.PATH)
                // writes name their checksums themselves, and what is read is hashed by the registry
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        } else if (settings.endpoint() != null) {
            builder.region(Region.US_EAST_1); // signed with, and looked at by few other stores
        }
        if (settings.profile() != null) {
            builder.credentialsProvider(ProfileCredentialsProvider.create(settings.profile()))
                    .overrideConfiguration(ClientOverrideConfiguration.builder()
                            .defaultProfileFile(ProfileFile.defaultProfileFile())
                            .defaultProfileName(settings.profile())
                            .build());
        }
        return builder.build();
    }
}
