using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports.Files;

/// <summary>Hands files out to whoever has a signed address, with a line in the audit trail that says whose it is.</summary>
public sealed class FileDesk(CareSessions sessions, JobFiles files, ExportOptions options, TimeProvider time)
{
    /// <summary>Where the file is, or why it is not handed out.</summary>
    /// <param name="origin">Where the request comes from.</param>
    public async Task<Result<string>> FindAsync(
        FileRequest request,
        RequestOrigin origin,
        CancellationToken cancellationToken
    )
    {
        Job? job;
        await using (var open = sessions.Open(Caller.Job(request.Job)))
            job = await open.Session.Reads.JobAsync(request.Job, cancellationToken);
        if (job is null || FileTicket.Of(job) is not { } ticket || !FileAddresses.IsSigned(request, ticket))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                "This address is not one that this server has given out, or its job is forgotten: take it as the manifest has it."
            );
        var found = Find(request, job);
        var status = found.TryGet(out _, out var failure) ? 200 : failure.Status;
        await sessions.Trail.AddAsync(
            ticket.AskedBy.ToCaller() with
            {
                Origin = origin,
            },
            new ReadJobFile(request.Job, request.Name),
            new FhirResponse { Status = status }
        );
        return found;
    }

    /// <summary>Until when the files of a job that has ended are there.</summary>
    public DateTimeOffset ExpiresAt(Job job) => (job.EndedAt ?? time.GetUtcNow()) + options.Keep;

    private Result<string> Find(FileRequest request, Job job) =>
        job.IsGivenUp || FileAddresses.IsOver(request, time.GetUtcNow())
            ? Failure.NotFound(
                "The file is not kept any more: its job was given up, or its time is over. Ask for the export again."
            )
        : files.Find(request.Job, request.Name) is { } path ? path
        : Failure.NotFound(
            "The file is not here. It was removed, or this node does not share the folder of Exports:Folder with the one that made it."
        );
}

/// <summary>A file of a job was asked for by its address: for the audit trail.</summary>
internal sealed record ReadJobFile(string Job, string Name) : FhirInteraction("$files", ResourceTypes.Task, Job)
{
    public override string SearchedBy => Name;
}
