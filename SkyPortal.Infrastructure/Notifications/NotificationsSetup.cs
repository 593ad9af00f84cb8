using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Notifications;

/// <summary>Registers how people are called.</summary>
public static class NotificationsSetup
{
    /// <summary>Calls to sources, notifications, and the queue of outgoing mail.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services
        .AddSingleton(provider => NotificationSettings.Read(provider.GetService<IConfiguration>()))
        .AddSingleton<NotifyOfSource>()
        .AddSingleton<TellUsers>()
        .AddSingleton<ReadUserNotifications>()
        .AddSingleton<ReadNewestNotifications>()
        .AddSingleton<MarkNotifications>()
        .AddSingleton<DeleteNotifications>()
        .AddSingleton<SendMail>();
}
