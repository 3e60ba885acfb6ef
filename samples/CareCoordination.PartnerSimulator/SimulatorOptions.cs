namespace CareCoordination.PartnerSimulator;

/// <summary>Whom the simulator plays.</summary>
public enum PartnerKind
{
    /// <summary>Tasks may be read, searched and updated, orders only read; a referral comes as HL7 v2 REF^I12.</summary>
    Epic,

    /// <summary>Takes transactions and conditional creates, demands a SMART token and If-Match, refuses what it does not know.</summary>
    Oracle,

    /// <summary>A community organisation with a Gravity server: Tasks are pushed to it, the rest it reads from the sender.</summary>
    Community,

    /// <summary>A BSeR recipient: message Bundles to <c>$process-message</c>, cancellation by handshake.</summary>
    Bser,

    /// <summary>Nothing but HL7 v2 over MLLP.</summary>
    V2,
}

/// <summary>How a simulated partner behaves; the defaults are a community organisation in good health.</summary>
public sealed record SimulatorOptions
{
    public PartnerKind Kind { get; init; } = PartnerKind.Community;

    /// <summary>Of the FHIR server, on loopback; 0: any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Of the MLLP listener, for the kinds that have one; 0: any that is free.</summary>
    public int MllpPort { get; init; }

    /// <summary>The share of requests that go wrong, 0 to 1, in all ways of <see cref="FaultScript.Mix"/>.</summary>
    public double FaultShare { get; init; }

    /// <summary>Which requests go wrong: the same seed, the same sequence.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a slow answer takes.</summary>
    public TimeSpan Slowness { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a line stays open whose answer never comes.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What 429 answers ask for.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan TokenLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The JWKS of the clients; null: signatures of assertions are not checked.</summary>
    public string? ClientKeys { get; init; }

    /// <summary>The clock of <c>meta.lastUpdated</c> and of tokens. Waiting is on the machine's clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
