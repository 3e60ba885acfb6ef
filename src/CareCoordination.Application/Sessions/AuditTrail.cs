using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// One line in the log and one row in the audit trail for each interaction, also for each entry of a Bundle, and for each request that was
/// refused before it was one: what was asked of which resource by whom, and how it ended. Never content. What was written has its row in
/// the transaction that wrote it. docs/audit.md
/// </summary>
public sealed class AuditTrail(AuditQueue queue, AuditOptions options, TimeProvider time, ILogger<AuditTrail> log)
    : IAsyncDisposable
{
    /// <summary>Of what ended without an answer.</summary>
    private const int NoAnswer = 500;

    private const int Given = 200;

    private const int Unauthenticated = 401;
    private const int MaxCriteria = 8 * 1024;
    private static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(1);
    private readonly RefusalCounts _refusals = new();
    private Task _counting = Task.CompletedTask;

    /// <summary>
    /// Tells of an interaction that has ended. Throws <see cref="StoreUnavailableException"/> where its row cannot be written: then it must
    /// not be answered.
    /// </summary>
    /// <param name="response">Null: it ended without an answer.</param>
    /// <param name="isRecorded">It has its row.</param>
    public async ValueTask AddAsync(
        Caller caller,
        FhirInteraction interaction,
        FhirResponse? response,
        bool isRecorded = false
    )
    {
        var status = response?.Status ?? NoAnswer;
        var id = interaction.Id ?? response?.Version?.Key.Id;
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, interaction.Code, Target(interaction.ResourceType, id), status, caller.ToString());
        if (!KeepsRowsOf(caller) || (isRecorded && response is { IsSuccess: true }))
            return;
        var line = AuditLines.New(caller, interaction.Code, time.GetUtcNow(), options.Node) with
        {
            Type = interaction.ResourceType,
            Id = id,
            Version =
                response is { IsSuccess: true, Version: { } version } && version.Key.Id == id ? version.Version : 0,
            Query = Cut(interaction.SearchedBy),
            // The entries of a Bundle have rows of their own.
            Patients =
                response is null || interaction.Code is "batch" or "transaction" ? [] : SeenPatients.Of(response),
            Status = status,
        };
        foreach (var part in AuditLines.Split(line))
            await queue.AddAsync(part);
    }

    /// <summary>
    /// What is no interaction with a resource: somebody signed in, a client was registered. On return its row is durable, whatever
    /// <c>Audit:Reads</c> says; throws <see cref="StoreUnavailableException"/> where it is not: then what was done must not be acknowledged.
    /// </summary>
    /// <param name="what">What was done: <c>sign-in</c>, <c>client-add</c>.</param>
    /// <param name="subject">What it was done to, by an id; null: nothing, or the caller alone.</param>
    public async ValueTask NoteAsync(Caller caller, string what, string? subject, int status)
    {
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, what, "-", status, caller.ToString());
        if (KeepsRowsOf(caller))
            await queue.StoreAsync(
                AuditLines.New(caller, what, time.GetUtcNow(), options.Node) with
                {
                    Activity = Cut(subject is null ? what : $"{what} {subject}"),
                    Status = status,
                }
            );
    }

    /// <summary>
    /// Tells whose data somebody was given by a further part of an answer that is written while it is made, or by work that goes on after its
    /// request: rows beside that of the request. What is told again after a crash stands there twice. Throws
    /// <see cref="StoreUnavailableException"/> where its row cannot be written: then the part must not be sent.
    /// </summary>
    /// <param name="patients">Their ids.</param>
    public async ValueTask DiscloseAsync(Caller caller, FhirInteraction interaction, ImmutableArray<string> patients)
    {
        if (patients.IsEmpty || !KeepsRowsOf(caller))
            return;
        var line = AuditLines.New(caller, interaction.Code, time.GetUtcNow(), options.Node) with
        {
            Type = interaction.ResourceType,
            Id = interaction.Id,
            Query = Cut(interaction.SearchedBy),
            Patients = patients,
            Status = Given,
        };
        foreach (var part in AuditLines.Split(line))
            await queue.AddAsync(part);
    }

    /// <summary>
    /// What was refused before anybody was asked, as for its address, its headers or a body that cannot be read. Of those who could not say
    /// who they are (401) there is one row for each network address and second.
    /// </summary>
    /// <param name="interaction">Null: nobody knows which was meant.</param>
    /// <param name="type">A type that there is; null: none, or nobody knows.</param>
    /// <param name="id">As the client sent it: it is named only where it is an id.</param>
    public async ValueTask RefuseAsync(Caller caller, string? interaction, string? type, string? id, int status)
    {
        type = string.IsNullOrEmpty(type) ? null : type;
        id = type is not null && FhirId.IsValid(id) ? id : null;
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, interaction ?? "request", Target(type, id), status, caller.ToString());
        if (!KeepsRowsOf(caller))
            return;
        var line = AuditLines.New(caller, interaction ?? "request", time.GetUtcNow(), options.Node) with
        {
            Type = type,
            Id = id,
            Status = status,
        };
        if (status == Unauthenticated)
            Count(line);
        else
            await queue.AddAsync(line);
    }

    /// <summary>Hands in what is counted.</summary>
    public async ValueTask DisposeAsync() => await HandInAsync();

    /// <summary>What this server does of itself is told of by what it writes.</summary>
    private bool KeepsRowsOf(Caller caller) =>
        options.Reads != AuditReads.Off && caller.Kind is not (CallerKind.Timer or CallerKind.Job or CallerKind.Import);

    private void Count(AuditLine line)
    {
        // The row tells of many: what a single one of them asked for is not in it.
        if (_refusals.Add(line with { Request = null, Type = null, Id = null, Interaction = "request" }))
            _counting = CountAsync();
    }

    private async Task CountAsync()
    {
        await Task.Delay(CountedFor);
        await HandInAsync();
    }

    private async Task HandInAsync()
    {
        foreach (var line in _refusals.Take())
        {
            try
            {
                await queue.AddAsync(line);
            }
            catch (StoreUnavailableException e)
            {
                Log.AuditLineLost(log, e, 1);
            }
        }
    }

    /// <summary>Criteria may be as long as a body; so much of them is kept.</summary>
    private static string? Cut(string? criteria) =>
        criteria is { Length: > MaxCriteria } ? criteria[..MaxCriteria] : criteria;

    /// <summary><c>Patient/1</c>, <c>Patient</c> for a whole type, <c>-</c> for the system.</summary>
    private static string Target(string? type, string? id) =>
        type is null ? "-"
        : id is null ? type
        : $"{type}/{id}";
}
