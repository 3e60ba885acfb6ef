using System.Collections.Immutable;
using System.Security.Cryptography;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application.Transitions;

/// <summary>A message about a stay that is refused.</summary>
/// <param name="Source">Its door, and its sender where that is known: a key of <see cref="RefusedMessages"/>.</param>
/// <param name="Name">What its sender calls it; empty where it does not say.</param>
/// <param name="Reason">Why it is refused, as sentences without patient data.</param>
/// <param name="Content">As it came.</param>
public sealed record RefusedMessage(string Source, string Name, string Reason, ReadOnlyMemory<byte> Content);

/// <summary>
/// Keeps what was refused, for an operator to correct it and have it taken in: each message once, so many of a sender and so much of each.
/// Who sends has its answer already, and whatever goes wrong here does not change it.
/// </summary>
public sealed class RefusedMessages(
    CareSession session,
    OutboxStore inbox,
    RetentionOptions retention,
    TimeProvider time,
    ILogger<RefusedMessages> log
)
{
    /// <summary>Messages of HL7 v2 of nobody who is known; with a blank and the id of a profile behind it, of that sender.</summary>
    public const string Hl7v2 = "hl7v2";

    /// <summary>Messages and documents of FHIR: nothing proves who sends them.</summary>
    public const string Fhir = "fhir";

    /// <summary>Those that are removed with one that comes: as many as a smaller bound may leave behind, little by little.</summary>
    private const int MostRemoved = 20;

    private const int MaxSourceLength = 64;

    public static string SourceOf(string profile) =>
        $"{Hl7v2} {profile}" is var source && source.Length > MaxSourceLength ? source[..MaxSourceLength] : source;

    /// <summary>True for what is kept here, and not of a partner.</summary>
    public static bool IsOf(InboundUpdate update) =>
        update.State is InboundState.Refused or InboundState.Replayed or InboundState.Discarded;

    /// <summary>What may be sent again as it is needs no operator.</summary>
    public static bool IsForOperators(int status) => status is >= 400 and < 500 and not 429;

    /// <summary>Sentences, each with its element.</summary>
    public static string ReasonOf(ImmutableArray<Issue> issues) =>
        string.Join(
            " ",
            issues.Where(i => i.IsError).Select(i => i.Expression is { } at ? $"{at}: {i.Diagnostics}" : i.Diagnostics)
        );

    public async Task KeepAsync(RefusedMessage refused, CancellationToken cancellationToken)
    {
        if (retention.Refused.Most == 0)
            return;
        try
        {
            var update = new InboundUpdate(
                refused.Source,
                refused.Name.Length > PartnerCopy.MaxReferenceLength
                    ? refused.Name[..PartnerCopy.MaxReferenceLength]
                    : refused.Name,
                Convert.ToHexStringLower(SHA256.HashData(refused.Content.Span)),
                Task: null,
                InboundState.Refused,
                time.GetUtcNow()
            )
            {
                Reason = refused.Reason,
                Body = refused.Content.Length > retention.Refused.MaxBytes ? default : refused.Content,
            };
            // What is sent again and again is there once, and what somebody has decided of it holds.
            if (
                await inbox.InboundAsync(update.Partner, update.Reference, update.Version, cancellationToken)
                is not null
            )
                return;
            var old = await inbox.RefusedBeyondAsync(
                update.Partner,
                retention.Refused.Most - 1,
                MostRemoved,
                cancellationToken
            );
            await WriteAsync(
                [.. old.Select(o => new ForgetInbound(o.Partner, o.Reference, o.Version)), new KeepInbound(update)],
                cancellationToken
            );
        }
        catch (StoreUnavailableException problem)
        {
            Log.RefusedNotKept(log, problem, refused.Source);
        }
    }

    /// <summary>What has become of it, from now on: what came is not needed any more.</summary>
    public async Task<InboundUpdate> SettleAsync(InboundUpdate settled, CancellationToken cancellationToken)
    {
        var now = settled with { At = time.GetUtcNow(), Body = default };
        await WriteAsync([new KeepInbound(now)], cancellationToken);
        return now;
    }

    private Task WriteAsync(ImmutableArray<OutboxChange> changes, CancellationToken cancellationToken) =>
        session.WriteAsync(_ => new(new WriteSet { Outbox = changes }), cancellationToken);
}
