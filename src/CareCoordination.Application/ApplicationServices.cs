using CareCoordination.Application.Access;
using CareCoordination.Application.Assessments;
using CareCoordination.Application.Audit;
using CareCoordination.Application.CarePlans;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Exports;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Goals;
using CareCoordination.Application.Import.Bulk;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Referrals;
using CareCoordination.Application.Reindexing;
using CareCoordination.Application.Retention;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Tasks;
using CareCoordination.Application.Timers;
using CareCoordination.Application.Transitions;
using CareCoordination.Application.Upgrades;
using CareCoordination.Application.Views;
using CareCoordination.Application.Writes;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Application;

public static class ApplicationServices
{
    /// <summary>
    /// Adds the use cases. What is scoped belongs to one session, which <see cref="CareSessions"/> opens with its caller, and so does
    /// what is transient, by its reads: it has no state of its own, so that the session need not remember it. Needs the store, the
    /// definitions and the settings among the services.
    /// </summary>
    public static IServiceCollection AddCareApplication(this IServiceCollection services) =>
        services
            .AddSingleton<CareSessions>()
            .AddSingleton<AuditTrail>()
            .AddSingleton(services => new AuditQueue(
                services.GetRequiredService<AuditStore>(),
                services.GetRequiredService<AuditOptions>(),
                services.GetRequiredService<ILogger<AuditQueue>>()
            ))
            .AddSingleton(services => new AuditVerifier(services.GetRequiredService<AuditStore>()))
            .AddScoped<AuditScope>()
            .AddScoped(scope => new ReadGate(scope.GetRequiredService<ResourceStore>()))
            .AddSingleton<PolicyCompiler>()
            .AddSingleton<AccessPolicy>()
            .AddScoped(Seen)
            .AddScoped(scope => new CareSession(
                scope.GetRequiredService<VisibleReads>(),
                scope.GetRequiredService<ReadGate>(),
                scope.GetRequiredService<WritePipeline>,
                scope.GetRequiredService<DueDays>,
                scope.GetRequiredService<ResourceStore>(),
                scope.GetRequiredService<AuditScope>()
            ))
            .AddSingleton(services => new StoreReadiness(services.GetRequiredService<ResourceStore>()))
            .AddTransient<WriteAccess>()
            .AddTransient<CoSignatures>()
            .AddTransient<Func<CoSignatures>>(session => session.GetRequiredService<CoSignatures>)
            .AddTransient<WritePipeline>()
            .AddTransient<DueDays>()
            .AddTransient(Effects)
            .AddTransient<MeasuredGoals>()
            .AddTransient<ReadingEffects>()
            .AddTransient<WriteReads>()
            .AddTransient<QuestionnaireReads>()
            .AddTransient<ResponseRule>()
            .AddTransient<ReferralAnswers>()
            .AddTransient<WrittenCare>()
            .AddTransient<VisitEffects>()
            .AddTransient<RideEffects>()
            .AddTransient<TeachingEffects>()
            .AddTransient(Decided)
            .AddUseCases()
            .AddJobs()
            .AddUpkeep();

    /// <summary>What this server looks after by itself: what is over, what is due, and rows that an upgrade has to fill.</summary>
    private static IServiceCollection AddUpkeep(this IServiceCollection services) =>
        services
            .AddSingleton(services => new RetentionSweep(
                services.GetRequiredService<StorePurge>(),
                services.GetRequiredService<AuditStore>(),
                services.GetRequiredService<RetentionOptions>(),
                services.GetRequiredService<AuditOptions>(),
                services.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<ProjectionRefill>()
            .AddSingleton<TimerRows>()
            .AddSingleton(services => new TimerSweep(
                services.GetRequiredService<ResourceStore>(),
                services.GetRequiredService<CareSessions>(),
                services.GetRequiredService<TimerOptions>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<TimerSweep>>()
            ));

    /// <summary>Work that goes on after its request, and the files that some of it makes.</summary>
    private static IServiceCollection AddJobs(this IServiceCollection services) =>
        services
            .AddSingleton<JobSignal>()
            .AddSingleton<JobRun>()
            .AddTransient<JobKind, TransferSteps>()
            .AddTransient<JobKind, ReindexSteps>()
            .AddTransient<JobKind, ExportSteps>()
            .AddTransient<JobKind, ViewExportSteps>()
            .AddTransient<JobKind, ImportSteps>()
            .AddSingleton<FileFetch>()
            .AddTransient<ExportScopes>()
            .AddTransient(session => new ExportDisclosures(
                session.GetRequiredService<ReadGate>(),
                session.GetRequiredService<AuditTrail>()
            ))
            .AddSingleton<JobFiles>()
            .AddSingleton<FileDesk>()
            .AddSingleton<FileSweep>();

    private static VisibleReads Seen(IServiceProvider session)
    {
        var gate = session.GetRequiredService<ReadGate>();
        return new VisibleReads(gate, () => gate.Rights, session.GetRequiredService<TimeProvider>());
    }

    /// <summary>What the use cases share: reads of what a decision has to know, and the ways in which they are decided.</summary>
    private static IServiceCollection AddUseCases(this IServiceCollection services) =>
        services
            .AddTransient<CareReads>()
            .AddTransient<CareWorkers>()
            .AddTransient<CarePolicies>()
            .AddTransient<PlanReads>()
            .AddTransient<MonitoredDays>()
            .AddTransient<BillingReads>()
            .AddTransient<ChargeEffects>()
            .AddTransient<ProgramMonths>()
            .AddTransient<ArrivingPlanReads>()
            .AddTransient<GoalReadings>()
            .AddTransient<GoalCommands>()
            .AddTransient<SummaryReads>()
            .AddTransient<PatientRisks>()
            .AddTransient<RiskReads>()
            .AddTransient<ScoreReads>()
            .AddTransient<UrgentAnswers>()
            .AddTransient<ReferralReads>()
            .AddTransient<PartnerKnowledge>()
            .AddTransient<WrittenReferralReads>()
            .AddTransient<CommandRunner>()
            .AddTransient<CommandPeople>()
            .AddTransient<ManagerSearch>()
            .AddTransient<AuditSearch>()
            .AddTransient<WorklistOwners>()
            .AddTransient<WorklistCompany>()
            .AddTransient<WorklistPrograms>()
            .AddTransient<CareManagers>()
            .AddTransient<Handovers>()
            .AddTransient<DefinitionReads>()
            .AddTransient<ApplySurroundings>()
            .AddTransient<Destinations>()
            .AddTransient<PatientFinder>()
            .AddTransient<NoticeResources>()
            .AddTransient<TransitionRisks>()
            .AddTransient<PatientMerges>()
            .AddTransient<TransitionReads>()
            .AddTransient<TransitionIntake>()
            .AddTransient<DocumentIntake>()
            .AddTransient<WrittenDocuments>()
            .AddTransient<RefusedMessages>()
            .AddTransient<WrittenStays>()
            .AddTransient<ViewReads>();

    /// <summary>Adds what this server does without being asked. Needs <see cref="AddCareApplication"/>.</summary>
    public static IServiceCollection AddCareWorkers(this IServiceCollection services) =>
        services
            .AddHostedService<JobWorker>()
            .AddHostedService<TimerWorker>()
            .AddHostedService<RetentionWorker>()
            .AddHostedService(provider => provider.GetRequiredService<FileSweep>());

    /// <summary>The reads are made where there is something to follow: for most writes there is not.</summary>
    private static WriteEffects Effects(IServiceProvider session) =>
        new(
            session.GetRequiredService<WriteReads>,
            session.GetRequiredService<ResponseRule>,
            new FollowOthers(
                (told, together, now, token) =>
                    session.GetRequiredService<WrittenStays>().FollowAsync(told, together, now, token),
                session.GetRequiredService<ReadingEffects>,
                session.GetRequiredService<WrittenCare>
            ),
            session.GetRequiredService<ReadGate>(),
            session.GetRequiredService<CareOptions>()
        );

    /// <summary>As <see cref="Effects"/>.</summary>
    private static DecisionEffects Decided(IServiceProvider session) =>
        new(
            session.GetRequiredService<ReferralAnswers>(),
            session.GetRequiredService<ReadingEffects>,
            session.GetRequiredService<WrittenCare>
        );
}
