using System.Globalization;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Transitions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Exchange.Messages;

/// <summary>A message about a stay that was refused or parked: one of the two.</summary>
public sealed record KeptMessage(InboundUpdate? Refused, Snapshot? Record);

/// <summary>Finds messages about stays by the ids that operators know them by.</summary>
public sealed class KeptMessages(OutboxStore inbox, CareReads reads, CareSession session, TimeProvider time)
{
    /// <summary>Rows are known by their number, records by the id of their Task.</summary>
    public async Task<Result<KeptMessage>> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var order))
        {
            return await inbox.InboundAsync(order, cancellationToken) is { } row && RefusedMessages.IsOf(row)
                ? new KeptMessage(row, null)
                : Unknown(id);
        }

        var task = id.StartsWith(ResourceTypes.Task + "/", StringComparison.Ordinal)
            ? id
            : $"{ResourceTypes.Task}/{id}";
        return await reads.ReadAsync(task, cancellationToken) is { } record && IntakeRecord.StoredAs(record) is not null
            ? new KeptMessage(null, record)
            : Unknown(id);
    }

    /// <summary>Whether this very request was done before, under its Idempotency-Key; 422 where the key was used for another one.</summary>
    public async Task<Result<bool>> IsRepeatAsync(CommandCall call, CancellationToken cancellationToken) =>
        call.Idempotency is { } key
            ? key.Recalls(await session.Reads.AnswerAsync(key.Hash, cancellationToken), time.GetUtcNow())
            : false;

    /// <summary>The Bundle of a record, as it came.</summary>
    public Task<Snapshot?> BundleAsync(Snapshot record, CancellationToken cancellationToken) =>
        reads.ReadAsync($"{ResourceTypes.Bundle}/{IntakeRecord.StoredAs(record)}", cancellationToken);

    private static Failure Unknown(string id) =>
        Failure.Unprocessable(
            IssueCode.NotFound,
            $"There is no refused or parked message '{(id.Length > 80 ? id[..80] : id)}': $transition-messages lists them with their ids.",
            "Parameters.parameter.where(name = 'message')"
        );
}
